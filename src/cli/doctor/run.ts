import { embeddedModelFolder } from '../../embed/manifest.ts';
import { escapeControls } from '../../output/escape.ts';
import { Writer } from '../../output/writer.ts';
import { complain } from '../complain.ts';
import { problemOf, type Check } from './check.ts';
import type { DoctorOptions } from './options.ts';
import { memoryChecks } from './memory.ts';

const allIsWell = 0;
const failure = 2;

const statusColumns = 7;
const nameColumns = 16;

/** Each line goes out before the next check begins: where one ends the process, its turn is seen. */
export async function runDoctor({ model = embeddedModelFolder }: DoctorOptions): Promise<number> {
  const writer = new Writer(process.stdout, () => undefined);
  const wrong = new Set<string>();
  const untried = new Set<string>();
  const tell = async (
    status: string,
    { name }: Pick<Check, 'name'>,
    what: string,
  ): Promise<void> => {
    const text = escapeControls(what.replaceAll(/\s*\n\s*/g, ' '));
    writer.write(`${status.padEnd(statusColumns)}${name.padEnd(nameColumns)}${text}\n`);
    await writer.flushed();
  };
  const look = async (check: Check): Promise<void> => {
    const missing = check.needs?.find((name) => wrong.has(name) || untried.has(name));
    if (missing !== undefined) {
      untried.add(check.name);
      await tell('-', check, `not tried: it needs ${missing}`);
      return;
    }
    try {
      await tell('ok', check, await check.look());
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_IMESDE_OUTPUT') {
        throw error;
      }
      wrong.add(check.name);
      await tell('wrong', check, problemOf(error));
    }
  };
  for (const check of memoryChecks) await look(check);
  if (wrong.size === 0) {
    const { otherChecks } = await import('./checks.ts');
    for (const check of await otherChecks(model)) await look(check);
  } else {
    await tell('-', { name: 'the rest' }, 'not tried: it needs memory');
  }
  if (wrong.size === 0) return allIsWell;
  complain(`wrong here (${[...wrong].join(', ')}): do what imesde doctor prints beside it`);
  return failure;
}

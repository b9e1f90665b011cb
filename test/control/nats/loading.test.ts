/** The client of the bus is loaded where an option asks for it, and nowhere else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readSources } from '../../helpers/imports.ts';
import { repository, runImesde, tiny } from '../../helpers/run-imesde.ts';
import { endInstance, shopLog, startInstance, until } from '../instance.ts';
import { existsSync } from 'node:fs';
import { noNats } from './fleet.ts';

const fault = 'tell-loaded.mjs';

it.each([
  ['query', ['query', 'disk full', ...tiny], shopLog],
  ['a live run', ['-w', 'disk full', ...tiny], shopLog],
  ['help', ['help', 'fleet'], ''],
])('%s never loads it', async (_, args, input) => {
  const { stderr } = await runImesde(args, input, { fault });
  expect(stderr).toBe('loaded: \n');
});

it('ask and status of one instance never load it, nor does the instance', async () => {
  const instance = startInstance(tiny, { fault });
  instance.running.child.stdin.write(shopLog);
  await until(() => existsSync(instance.fifo));
  for (const args of [['ask', 'disk full'], ['status']]) {
    const { exitCode, stderr } = await runImesde([...args, '--fifo', instance.fifo], '', { fault });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'loaded: \n' });
  }
  await endInstance(instance);
  expect((await instance.running.result).stderr).toBe('loaded: \n');
});

it('ask --fleet loads it, without the part for streams', async () => {
  const args = ['ask', '--fleet', 'disk full', '--server', '127.0.0.1:1'];
  const { stderr } = await runImesde(args, '', { fault, env: noNats });
  expect(stderr).toContain(
    'loaded: @nats-io/nats-core @nats-io/nkeys @nats-io/nuid @nats-io/transport-node\n',
  );
});

it('one file of the sources imports it', () => {
  const sources = readSources(path.join(repository, 'src'));
  const importers = [...sources].filter(([, text]) => /(?:from|import\() ?'@nats-io/.test(text));
  expect(importers.map(([file]) => file)).toEqual(['control/nats/connection.ts']);
  const manifest = readFileSync(path.join(repository, 'package.json'), 'utf8');
  expect(manifest).toContain('"@nats-io/transport-node": "3.3.1"');
});

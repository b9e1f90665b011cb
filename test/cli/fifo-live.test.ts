/** A live run that can be asked: what goes to its stdout, watches that come and go, its end. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  endInstance,
  shopLog,
  startInstance,
  TestAsker,
  writeToFifo,
} from '../control/instance.ts';
import { logsFolder, runImesde } from '../helpers/run-imesde.ts';

const phrase = 'no space left';
/** Scores that no calibration of a ranking moves a literal hit below, or another line above. */
const minScore = 0.2;
const fullDisk = 'ERROR [images] cannot store upload: no space left on device';

describe('an answer to nobody in particular', () => {
  it('goes to standard output as text: a line that is no JSON is a phrase', async () => {
    const instance = startInstance(['-k', '2']);
    instance.running.child.stdin.write(shopLog);
    await writeToFifo(instance.fifo, `${phrase}\n`);
    await instance.running.until(({ stdout }) => stdout.split('\n').length === 3);
    expect(instance.running.stdout).toContain('no space left on device\n');
    await endInstance(instance);
    expect(instance.running.stdout.split('\n')).toHaveLength(3);
  });

  it('is NDJSON with --json, its end included', async () => {
    const instance = startInstance(['--json', '-k', '1']);
    instance.running.child.stdin.write(shopLog);
    await writeToFifo(instance.fifo, `${phrase}\n{"op":"status","id":"s"}\n`);
    await instance.running.until(({ stdout }) => stdout.includes('"id":"s","done":true'));
    const lines = instance.running.stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ query: phrase, rank: 1 }) as unknown,
        expect.objectContaining({ done: true, matches: 1 }) as unknown,
        expect.objectContaining({ id: 's', pid: instance.running.child.pid }) as unknown,
      ]),
    );
    await endInstance(instance);
  });

  it('is an error on stderr where the output is text', async () => {
    const instance = startInstance();
    await writeToFifo(instance.fifo, '{"op":"fly"}\n');
    await instance.running.until(({ stderr }) => stderr !== '');
    await endInstance(instance);
    expect(instance.running.stdout).toBe('');
    expect(instance.running.stderr).toMatch(/^imesde: a request failed: op must be .*\n$/);
  });

  it('is dropped and counted where standard output blocks; others are answered', async () => {
    const instance = startInstance(['--json', '--stats']);
    const { child } = instance.running;
    child.stdout.pause();
    child.stdin.write(shopLog);
    const all = JSON.stringify({ op: 'query', phrase, top: 10_000, all: true, minScore: -1 });
    for (let i = 0; i < 30; i += 1) await writeToFifo(instance.fifo, `${all}\n`);
    const asker = new TestAsker(instance.fifo);
    expect(await asker.ask({ op: 'query', phrase, top: 1 })).toHaveLength(2);
    await setTimeout(1_500); // Longer than an answer may wait for room.
    asker.close();
    child.stdin.end();
    await setTimeout(200);
    child.stdout.resume();
    const { stderr, exitCode } = await instance.running.result;
    expect(exitCode).toBe(0);
    expect(Number(/answers: (\d+) dropped/.exec(stderr)?.[1])).toBeGreaterThan(0);
  });
});

describe('watches that come and go', () => {
  it('print lines from when they are asked for until they are taken back', async () => {
    const instance = startInstance();
    const asker = new TestAsker(instance.fifo);
    let lineCount = 0;
    const feed = async (line: string): Promise<void> => {
      instance.running.child.stdin.write(`${line}\n`);
      await untilRead(asker, (lineCount += 1));
    };
    await feed(`${fullDisk} 1`);
    expect(await asker.ask({ op: 'watch', phrase, minScore })).toEqual([{ done: true, line: 1 }]);
    await feed(`${fullDisk} 2`);
    expect(await asker.ask({ op: 'status' })).toMatchObject([{ watches: [phrase] }, {}]);
    await asker.ask({ op: 'unwatch', phrase });
    await feed(`${fullDisk} 3`);
    expect(await asker.ask({ op: 'unwatch', phrase })).toEqual([
      { error: expect.stringContaining('not watched') as string },
    ]);
    asker.close();
    await endInstance(instance);
    expect(instance.running.stdout).toBe(`${fullDisk} 2\n`);
  });

  it('are not doubled where a phrase is watched already: it gets the new threshold', async () => {
    const instance = startInstance(['-w', phrase]);
    const asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'watch', phrase, minScore: 1 });
    expect(await asker.ask({ op: 'status' })).toMatchObject([{ watches: [phrase] }, {}]);
    instance.running.child.stdin.write(`${fullDisk}\n`);
    await untilRead(asker, 1);
    asker.close();
    await endInstance(instance);
    expect(instance.running.stdout).toBe('');
  });
});

describe('the end', () => {
  it('comes with the end of input, unless --hold: then with quit', async () => {
    const instance = startInstance(['--hold', '-w', phrase, '-s', String(minScore)]);
    instance.running.child.stdin.end(`${fullDisk}\n`);
    const asker = new TestAsker(instance.fifo);
    await untilRead(asker, 1);
    await setTimeout(300);
    expect(await asker.ask({ op: 'query', phrase })).toMatchObject([{ text: fullDisk }, {}]);
    expect(await asker.ask({ op: 'quit' })).toEqual([{ done: true, line: 1 }]);
    asker.close();
    expect((await instance.running.result).exitCode).toBe(0);
  });

  it('of a held run by SIGTERM is 143', async () => {
    const instance = startInstance(['--hold']);
    instance.running.child.stdin.end('line\n');
    const asker = new TestAsker(instance.fifo);
    await untilRead(asker, 1);
    instance.running.child.kill('SIGTERM');
    expect((await instance.running.result).exitCode).toBe(143);
    asker.close();
  });

  it('with nobody to ask is no use: --hold alone is an error', async () => {
    const { exitCode, stderr } = await runImesde(['--hold']);
    expect({ exitCode, said: stderr.includes('--fifo') }).toEqual({ exitCode: 2, said: true });
  });

  it('leaves an answer that was asked for just before', async () => {
    const instance = startInstance();
    const asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'status' });
    instance.running.child.stdin.write(readFileSync(path.join(logsFolder, 'auth.log')));
    await asker.send({ op: 'query', phrase: 'break-in', top: 2, minScore: -1 });
    instance.running.child.stdin.end();
    expect((await asker.answer()).at(-1)).toMatchObject({ done: true });
    await instance.running.result;
    asker.close();
  });
});

/** Resolves when so many lines are in the window, or were evicted from it. */
async function untilRead(asker: TestAsker, count: number): Promise<void> {
  for (;;) {
    const [status] = await asker.ask({ op: 'status' });
    const { read, waiting } = status?.['lines'] as { read: number; waiting: number };
    if (read === count && waiting === 0) return;
    await setTimeout(10);
  }
}

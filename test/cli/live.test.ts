import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { setTimeout } from 'node:timers/promises';
import { endInstance, startInstance, TestAsker } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  countsOf,
  oracleGap,
  runImesde,
  startImesde,
  startShell,
  tiny,
} from '../helpers/run-imesde.ts';
import { linesOfLog, newShapes, readLog } from '../helpers/sample-logs.ts';

const database = ['-w', 'connection to the database was lost', '-s', '0.4', '--rank', 'cosine'];

describe('imesde -w', () => {
  it('prints the lines that answer, as they came and in their order', async () => {
    const { exitCode, stdout, stderr } = await runImesde(database, readLog('shop.log'));
    const printed = stdout.trimEnd().split('\n');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(printed.length).toBeGreaterThan(2);
    expect(printed.length).toBeLessThan(30);
    const log = linesOfLog('shop.log');
    const places = printed.map((line) => log.indexOf(line));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const right = printed.filter((line) => /database|connection/.test(line));
    expect(right.length / printed.length).toBeGreaterThan(0.8);
  });

  it('prints each line as it arrives, new shape or known, without waiting for more', async () => {
    const running = startImesde(['-w', 'disk full', '-s', '-1']);
    const { stdin } = running.child;
    for (const line of [
      'disk full on sda1',
      'disk full on sdb2',
      'all is well',
      'disk full on sdc3',
    ]) {
      stdin.write(`${line}\n`);
      await running.until(({ stdout }) => stdout.endsWith(`${line}\n`));
    }
    stdin.end();
    expect(await running.result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('prints a line once that answers several phrases, and names the best and the others', async () => {
    const args = ['-w', 'power supply voltage', '-w', 'disk is full', '-s', '-1', '--json'];
    const { stdout } = await runImesde(args, 'disk is full\n');
    const match = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(match)).toEqual(['query', 'also', 'score', 'line', 'time', 'text']);
    expect(match).toMatchObject({
      query: 'disk is full',
      also: ['power supply voltage'],
      line: 1,
      text: 'disk is full',
    });
    expect(match['score']).toBeGreaterThan(0.7);
  });

  it('exits 1 when no line answers, and 2 with help where nothing is watched or asked', async () => {
    const none = await runImesde(['-w', 'whale song', '-s', '1', ...tiny], readLog('kernel.log'));
    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
    const idle = await runImesde(tiny, readLog('kernel.log'));
    expect(idle).toMatchObject({ exitCode: 2, stdout: '' });
    expect(idle.stderr).toMatch(/imesde: nothing to do: .* imesde -w "PHRASE"\n$/);
  });

  it('stops after -m lines, though input goes on', async () => {
    const running = startImesde(['-w', 'disk full', '-s', '-1', '-m', '2', ...tiny]);
    running.child.stdin.write('one\ntwo\nthree\nfour\n');
    expect(await running.result).toMatchObject({ exitCode: 0, stdout: 'one\ntwo\n', stderr: '' });
  });

  it('does not embed what waits once it has printed enough', async () => {
    const running = startImesde([
      '-w',
      'x',
      '-s',
      '-1',
      '-m',
      '1',
      '--stats',
      '--workers',
      '1',
      '--rank',
      'cosine',
    ]);
    running.pipeIn(newShapes(3_000));
    const { exitCode, stderr } = await running.result;
    expect(exitCode).toBe(0);
    expect(countsOf(stderr).waiting).toBeGreaterThan(500);
    expect(oracleGap(stderr)).toBe(0);
  });

  it('prints nothing with -q and ends at the first match', async () => {
    const running = startImesde(['-w', 'disk full', '-s', '-1', '-q', ...tiny]);
    running.child.stdin.write('disk full\n');
    expect(await running.result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('prints scores when it is asked to', async () => {
    const { stdout } = await runImesde(
      ['-w', 'disk full', '-s', '-1', '--scores', ...tiny],
      'disk full\n',
    );
    expect(stdout).toMatch(/^[01]\.\d{3} {2}disk full\n$/);
  });

  it('has a default threshold that prints some lines and not most', async () => {
    const { stdout } = await runImesde(['-w', 'lost connection to database'], readLog('shop.log'));
    const count = stdout.split('\n').length - 1;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(40);
  });

  it('blocks where the model is slower than the stream, and prints every line', async () => {
    const input = newShapes(3_000);
    const args = ['-w', 'x', '-s', '-1', '--stats', '--rows', '16', ...tiny];
    const blocked = await runImesde(args, input);
    expect(countsOf(blocked.stderr)).toMatchObject({ read: 3_000, overload: 0, evicted: 2_984 });
    expect(blocked.stdout).toBe(input);
  });

  it('follows a log through its rotation: each matching line once and in order', async () => {
    const folder = temporaryFolder();
    const log = path.join(folder, 'app.log');
    writeFileSync(log, '');
    const running = startShell(
      `tail -n +1 -F -s 0.05 "${log}" 2>/dev/null | imesde -w x -s -1 ${tiny.join(' ')}`,
    );
    const expected: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 20; i += 1) {
        const line = `round ${round} line ${i} ${['of words', 'and more', 'to read'][i % 3]!}`;
        expected.push(line);
        appendFileSync(log, `${line}\n`);
      }
      await running.until(({ stdout }) => stdout.split('\n').length > expected.length);
      renameSync(log, path.join(folder, `app.log.${round}`));
      writeFileSync(log, '');
    }
    expect(running.stdout.trimEnd().split('\n')).toEqual(expected);
    const kill = startShell(`pkill -TERM -P ${running.child.pid ?? 0} tail`);
    await kill.result;
    running.child.stdin.end();
    expect(await running.result).toMatchObject({ exitCode: 0 });
  });
});

it('remembers when the first line of an event came', async () => {
  const instance = startInstance();
  const asker = new TestAsker(instance.fifo);
  const { stdin } = instance.running.child;
  const came = async (line: string, count: number): Promise<number> => {
    stdin.write(`${line}\n`);
    for (;;) {
      const [match] = await asker.ask({ op: 'query', phrase: 'disk full', top: 1 });
      if (match?.['count'] === count) return Date.parse(String(match['time']));
    }
  };
  const first = await came('disk full after 1 writes', 1);
  await setTimeout(1_100);
  const last = await came('disk full after 2 writes', 2);
  expect(last).toBeGreaterThan(first + 1_000);
  const [match] = await asker.ask({ op: 'query', phrase: 'disk full', top: 1 });
  expect(match).toMatchObject({ count: 2, first: new Date(first).toISOString() });
  asker.close();
  await endInstance(instance);
});

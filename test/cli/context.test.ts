/** -A, -B and -C, as grep has them. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, startImesde } from '../helpers/run-imesde.ts';

const lines = [
  'service alpha started',
  'request for the front page served',
  'disk is full',
  'cache was cleared',
  'user signed in',
  'user signed out',
  'connection opened',
  'the disk is full again',
  'service beta started',
];
const input = `${lines.join('\n')}\n`;
const disk = ['disk is full', '-s', '0.5'];

function numbered(...numbers: string[]): string {
  return numbers
    .map((one) => (one === '--' ? '--\n' : `${one}${lines[parseInt(one, 10) - 1]!}\n`))
    .join('');
}

describe('imesde query', () => {
  it('prints groups best first, with separators', async () => {
    const { exitCode, stdout } = await runImesde(['query', ...disk, '-n', '-C', '1'], input);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(numbered('2-', '3:', '4-', '--', '7-', '8:', '9-'));
  });

  it('joins groups that meet where lines come in their order', async () => {
    const args = ['query', ...disk, '-n', '--sort', 'time'];
    const touching = await runImesde([...args, '-C', '2'], input);
    expect(touching.stdout).toBe(numbered('1-', '2-', '3:', '4-', '5-', '6-', '7-', '8:', '9-'));
    const overlapping = await runImesde([...args, '-C', '4'], input);
    expect(overlapping.stdout).toBe(touching.stdout);
    const apart = await runImesde([...args, '-B', '1'], input);
    expect(apart.stdout).toBe(numbered('2-', '3:', '--', '7-', '8:'));
  });

  it('begins anew with each phrase', async () => {
    const args = ['query', '-e', 'disk is full', '-e', 'cache was cleared', '-s', '0.9', '-n'];
    const { stdout } = await runImesde([...args, '-C', '1', '--sort', 'time'], input);
    expect(stdout).toBe(numbered('2-', '3:', '4-', '--', '7-', '8:', '9-', '--', '3-', '4:', '5-'));
  });

  it('tells in JSON where they stand', async () => {
    const { stdout } = await runImesde(['query', ...disk, '-A', '1', '-k', '1', '--json'], input);
    const [match, after, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rest).toEqual([]);
    expect(match).not.toHaveProperty('context');
    expect(Object.keys(after!)).toEqual(['line', 'time', 'text', 'context']);
    expect(after).toMatchObject({ context: 'after', line: Number(match!['line']) + 1 });
  });

  it('takes them from the file of the match alone', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'a'), 'user signed in\n');
    writeFileSync(path.join(folder, 'b'), 'disk is full\n');
    writeFileSync(path.join(folder, 'c'), 'user signed out\n');
    const { stdout } = await runImesde(['query', ...disk, '-C', '2', 'a', 'b', 'c'], '', {
      cwd: folder,
    });
    expect(stdout).toBe('b:disk is full\n');
    writeFileSync(path.join(folder, 'b'), 'one\ndisk is full\ntwo\n');
    const named = await runImesde(['query', ...disk, '-C', '2', '-n', 'a', 'b', 'c'], '', {
      cwd: folder,
    });
    expect(named.stdout).toBe('b-1-one\nb:2:disk is full\nb-3-two\n');
  });
});

describe('a live run', () => {
  it('prints lines before at once, and lines behind as they come', async () => {
    const running = startImesde(['-w', ...disk, '-n', '-B', '1', '-A', '2']);
    const { stdin } = running.child;
    stdin.write(`${lines.slice(0, 3).join('\n')}\n`);
    await running.until(({ stdout }) => stdout === numbered('2-', '3:'));
    stdin.write(`${lines[3]!}\n`);
    await running.until(({ stdout }) => stdout === numbered('2-', '3:', '4-'));
    stdin.end(`${lines.slice(4).join('\n')}\n`);
    const { exitCode, stdout } = await running.result;
    expect(exitCode).toBe(0);
    expect(stdout).toBe(numbered('2-', '3:', '4-', '5-', '--', '7-', '8:', '9-'));
  });

  it('joins what meets, and has no line twice', async () => {
    const { stdout } = await runImesde(['-w', ...disk, '-n', '-C', '3'], input);
    expect(stdout).toBe(numbered('1-', '2-', '3:', '4-', '5-', '6-', '7-', '8:', '9-'));
  });

  it('-m ends behind the last lines', async () => {
    const running = startImesde(['-w', ...disk, '-n', '-A', '2', '-m', '1']);
    running.child.stdin.write(`${lines.slice(0, 5).join('\n')}\n`);
    expect(await running.result).toMatchObject({
      exitCode: 0,
      stdout: numbered('3:', '4-', '5-'),
    });
  });

  it('tells in JSON where they stand', async () => {
    const { stdout } = await runImesde(['-w', ...disk, '-B', '1', '-m', '1', '--json'], input);
    const parts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(parts).toMatchObject([
      { line: 2, text: lines[1], context: 'before' },
      { line: 3, text: lines[2], query: 'disk is full' },
    ]);
  });
});

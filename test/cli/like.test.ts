/** `--like` and `--unlike`: of queries, live runs, those who ask, and at the prompt. */
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endInstance, makeTestFifo, startInstance, type Instance } from '../control/instance.ts';
import { screenOf, startInTerminal } from '../control/terminal.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { logsFolder, runImesde, runInTerminal, tiny } from '../helpers/run-imesde.ts';
import { linesOfLog, readLog } from '../helpers/sample-logs.ts';

const authLog = path.join(logsFolder, 'auth.log');
const auth = readLog('auth.log');
const phrase = 'someone failed to log in';
const lineWith = (text: string): string =>
  linesOfLog('auth.log').find((line) => line.includes(text))!;
const wrong = lineWith('incorrect password attempts');
const right = lineWith('pam_unix(sshd:auth): authentication failure');

interface JsonMatch {
  readonly query: string;
  readonly label?: string;
  readonly score: number;
  readonly text: string;
}

const jsonOf = (stdout: string): JsonMatch[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonMatch);

describe('imesde query', () => {
  it('leaves out what is nearer to an --unlike, also where the nearest are wanted', async () => {
    for (const more of [[], ['-k', '50'], ['--all'], ['--rank', 'cosine', '-k', '50']]) {
      const before = await runImesde(['query', phrase, authLog, ...more]);
      const after = await runImesde(['query', phrase, authLog, ...more, '--unlike', wrong]);
      expect(before.stdout).toContain('incorrect password attempts');
      expect(after).toMatchObject({ exitCode: 0, stderr: '' });
      expect(after.stdout).not.toContain('incorrect password attempts');
      expect(after.stdout).toContain('authentication failure');
    }
  });

  it('counts, names files and says yes or no without it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'some.log');
    writeFileSync(file, `${wrong}\n${lineWith('Accepted publickey')}\n`);
    const only = ['query', 'wrong password', file];
    expect(await runImesde([...only, '-c'])).toMatchObject({ exitCode: 0, stdout: '1\n' });
    const unlike = ['--unlike', wrong];
    for (const how of ['-c', '-q', '-l']) {
      expect((await runImesde([...only, how])).exitCode).toBe(0);
      expect((await runImesde([...only, how, ...unlike])).exitCode).toBe(1);
    }
  });

  it('takes an example in place of a phrase: then every operand is a file', async () => {
    const { exitCode, stdout, stderr } = await runImesde([
      'query',
      '--like',
      wrong,
      '--label',
      'sudo',
      authLog,
      '--json',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [best] = jsonOf(stdout);
    expect(best).toMatchObject({ query: wrong, label: 'sudo' });
    expect(best!.text).toContain('incorrect password attempts');
  });

  it('takes it beside the only phrase, under its name', async () => {
    const args = ['query', '-e', phrase, authLog, '--json', '-k', '30'];
    const [before, after] = await Promise.all([
      runImesde(args),
      runImesde([...args, '--like', right]),
    ]);
    const scoreIn = (stdout: string): number =>
      jsonOf(stdout).find(({ text }) => text.includes('PAM 2 more'))!.score;
    expect(scoreIn(after.stdout)).toBeGreaterThan(scoreIn(before.stdout));
    expect(new Set(jsonOf(after.stdout).map(({ query }) => query))).toEqual(new Set([phrase]));
  });

  it('tells with --explain what the example adds', async () => {
    const args = ['query', '-e', phrase, authLog, '-k', '1', '--explain'];
    expect((await runImesde(args)).stdout).not.toContain('examples');
    const { stdout } = await runImesde([...args, '--like', right]);
    expect(stdout).toMatch(/; examples \+0\.\d\d; sum 1\.\d\d/);
  });

  it('is a question of its own beside several phrases', async () => {
    const { stdout } = await runImesde([
      'query',
      ...['-e', phrase, '-e', 'a key was accepted', '--like', wrong, '-k', '1', '--json'],
      authLog,
    ]);
    expect(jsonOf(stdout).map(({ query }) => query)).toEqual([phrase, 'a key was accepted', wrong]);
  });

  it.each([
    { args: ['--like', ''], message: 'The phrase is empty' },
    { args: ['x', '--unlike', ' '], message: 'The phrase is empty' },
    { args: ['--like', 'a line', 'db failure'], message: 'with --like each operand is a file' },
    {
      args: ['x', ...Array<string[]>(17).fill(['--unlike', 'y']).flat()],
      message: '17 texts of unlike are too many',
    },
  ])('says in one line what is wrong with $args.0 $args.1', async ({ args, message }) => {
    const { exitCode, stdout, stderr } = await runImesde(['query', ...args], auth);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('escapes an example that a terminal is told', async () => {
    const hostile = 'error \\033]0;title\\007 here';
    const { stdout } = await runInTerminal(
      `printf 'error here\\n' | "$NODE" "$IMESDE" query -e x -e y --like "$(printf '${hostile}')" -k 1`,
    );
    expect(stdout).toContain('error');
    expect(stdout).not.toContain('\u001b]0;');
  });
});

describe('imesde -w', () => {
  it('prints nothing that is nearer to an --unlike', async () => {
    const args = ['-w', phrase, '-s', '.3'];
    const before = await runImesde(args, auth);
    const after = await runImesde([...args, '--unlike', wrong], auth);
    expect(before.stdout).toContain('incorrect password attempts');
    expect(after).toMatchObject({ exitCode: 0, stderr: '' });
    expect(after.stdout).not.toContain('incorrect password attempts');
    expect(after.stdout).toContain('authentication failure');
  });

  it('watches for an example', async () => {
    const { exitCode, stdout } = await runImesde(['--like', wrong, '--json'], auth);
    expect(exitCode).toBe(0);
    const found = jsonOf(stdout);
    expect(found.some(({ text }) => text === wrong)).toBe(true);
    expect(found.every(({ query }) => query === wrong)).toBe(true);
  });

  it('says that nothing is watched for', async () => {
    const { exitCode, stderr } = await runImesde(['--unlike', 'x', ...tiny], 'y\n');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: --unlike says what is not meant.*add -w PHRASE\n$/);
  });
});

describe('asking', () => {
  let instance: Instance;

  beforeAll(() => {
    instance = startInstance();
    instance.running.child.stdin.write(auth);
  });

  afterAll(async () => {
    await endInstance(instance);
  });

  it.each([
    [['--unlike', wrong, phrase]],
    [['--like', right, phrase]],
    [['--like', wrong]],
    [['-e', phrase, '-e', 'a key was accepted', '--like', wrong, '--unlike', 'root']],
  ])('gives what query gives (%#)', async (args) => {
    const env = { XDG_RUNTIME_DIR: instance.runtime };
    const asked = await runImesde(['ask', ...args, '--fifo', instance.fifo], '', { env });
    const files = args.at(-1) === phrase ? ['-e', phrase] : [];
    const marks = files.length > 0 ? args.slice(0, -1) : args;
    const queried = await runImesde(['query', ...marks, ...files], auth);
    expect(asked).toEqual(queried);
    expect(asked.stdout).not.toBe('');
  });
});

it('adds marks to the last search at the prompt', async () => {
  const input = makeTestFifo(path.join(temporaryFolder(), 'log'));
  const fd = openSync(input, constants.O_RDWR);
  const lines = ['three wrong passwords given', 'authentication failure of backup'];
  writeSync(fd, `${lines.join('\n')}\n`);
  const running = startInTerminal('"$NODE" "$IMESDE" -i -k 5 <"$LOG"', { env: { LOG: input } });
  const screen = (): string => screenOf(running.stdout).join('\n');
  const shown = (text: string): number => screen().split(text).length - 1;
  const type = async (keys: string, until: () => boolean): Promise<void> => {
    running.child.stdin.write(`${keys}\r`);
    await running.until(until);
  };
  const isSettled = /waiting +0\n +in the window +[2-9](?![^]*\/status)/;
  do {
    running.child.stdin.write('/status\r');
    await setTimeout(300);
  } while (!isSettled.test(screen()));
  await type('/unlike x', () => shown('search first') > 0);
  await type('failed logins', () => shown(lines[1]!) === 1);
  expect(shown(lines[0]!)).toBe(1);
  await type('/unlike three wrong passwords given', () => shown(lines[1]!) === 2);
  expect(shown(lines[0]!)).toBe(2); // Told once, and typed once.
  await type('/like authentication failure of root', () => shown(lines[1]!) === 3);
  expect(shown(lines[0]!)).toBe(2);
  // Another search begins without marks.
  await type('passwords', () => shown(lines[1]!) === 4);
  expect(shown(lines[0]!)).toBe(3);
  running.child.stdin.write('/quit\r');
  await running.result;
  closeSync(fd);
});

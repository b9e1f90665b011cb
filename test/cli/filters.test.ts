import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { countsOf, oracleGap, runImesde, startImesde, tiny } from '../helpers/run-imesde.ts';

const all = ['query', 'x', '--all', '-k', '100', '--sort', 'time', '--stats', ...tiny];
const lines = [
  '{"time":"2025-11-25T10:30:00Z","level":"error","msg":"disk is full","req":{"status":500,"tags":["a","b"]},"k8s.pod":{"name":"web"}}',
  '{"time":"2025-11-25T10:31:00Z","level":"info","msg":"all is well","req":{"status":200},"__proto__":{"x":"y"}}',
  'time=2025-11-25T10:32:00Z level=error msg="user \\"bob\\" may not log in" status=500',
  'panic: none of them has a field',
  '{"time":"2025-11-25T10:33:00Z","level":"error","url":"/disk/full"}',
  '',
];
const input = lines.map((line) => `${line}\n`).join('');

/** Numbers of the lines that pass. */
async function passed(...args: string[]): Promise<number[]> {
  const { stdout, stderr } = await runImesde([...all, '--json', ...args], input);
  expect(oracleGap(stderr)).toBe(0);
  const told = stdout
    .split('\n')
    .slice(0, -1)
    .map(
      (line) =>
        JSON.parse(line) as {
          line: number;
          text: string;
        },
    );
  for (const { line, text } of told) expect(text).toBe(lines[line - 1]);
  expect(countsOf(stderr)).toMatchObject({ read: 6, empty: 1 });
  expect(countsOf(stderr).filtered).toBe(5 - told.length);
  return told.map(({ line }) => line);
}

describe('lines before meaning', () => {
  it.each<[string[], number[]]>([
    [
      ['--grep', 'error'],
      [1, 3, 5],
    ],
    [
      ['--grep', 'error', '--grep', 'dis[ck]'],
      [1, 5],
    ],
    [['--grep', '^time='], [3]],
    [
      ['--grep-not', '(?i)ERROR'],
      [2, 4],
    ],
    [['--grep-not', 'error', '--grep-not', 'panic'], [2]],
    [
      ['--where', 'level=error'],
      [1, 3, 5],
    ],
    [
      ['--where', 'level!=error'],
      [2, 4],
    ],
    [['--where', 'level=error', '--where', 'req.status=500'], [1]],
    [['--where', 'status=500'], [3]],
    [['--where', '.req.tags[1]=b'], [1]],
    [['--where', 'k8s.pod.name=web'], [1]],
    [['--where', '__proto__.x=y'], [2]],
    [['--where', 'constructor.name=Object'], []],
    [['--where', 'msg=user "bob" may not log in'], [3]],
    [
      ['--since', '2025-11-25T10:31:00Z'],
      [2, 3, 4, 5],
    ],
    [
      ['--until', '2025-11-25T10:31:00Z'],
      [1, 2],
    ],
    [
      ['--since', '2025-11-25T10:31:30Z', '--until', '2025-11-25T10:32:00Z'],
      [3, 4],
    ],
    [
      ['--field', 'msg'],
      [1, 2, 3, 4],
    ],
    [
      ['--field', 'msg,url'],
      [1, 2, 3, 4, 5],
    ],
  ])(
    '%j lets pass what it says, each with its number, and counts the others',
    async (args, expected) => {
      if (args.includes('--until') || args.includes('--since')) {
        // The empty line at the end has the time of the line before it.
        const { stdout, stderr } = await runImesde([...all, '--json', ...args], input);
        const numbers = stdout
          .split('\n')
          .slice(0, -1)
          .map((line) => (JSON.parse(line) as { line: number }).line);
        expect(numbers).toEqual(expected);
        expect(oracleGap(stderr)).toBe(0);
        const { filtered, empty } = countsOf(stderr);
        expect(filtered + empty).toBe(6 - expected.length);
        return;
      }
      expect(await passed(...args)).toEqual(expected);
    },
  );

  it('reads the named fields alone for its meaning, and prints the whole line', async () => {
    const log = [
      '{"msg":"session opened","comment":"the disk is full of errors"}',
      '{"msg":"no space left on device","comment":"nothing"}',
    ];
    const args = ['query', 'disk is full', '-k', '1', '--field', 'msg'];
    const { stdout } = await runImesde(args, `${log.join('\n')}\n`);
    expect(stdout).toBe(`${log[1] ?? ''}\n`);
    const whole = ['query', 'disk is full', '-k', '1', '--field', 'comment'];
    expect((await runImesde(whole, `${log.join('\n')}\n`)).stdout).toBe(`${log[0] ?? ''}\n`);
  });

  it('tells apart numbers that are too long for one', async () => {
    const log = '{"id":12345678901234567890,"msg":"a"}\n{"id":12345678901234567891,"msg":"b"}\n';
    const ask = async (where: string): Promise<string> =>
      (await runImesde(['query', 'x', '-k', '9', '--all', '--where', where, ...tiny], log)).stdout;
    expect(await ask('id=12345678901234567891')).toBe('{"id":12345678901234567891,"msg":"b"}\n');
    expect(await ask('id!=12345678901234567891')).toBe('{"id":12345678901234567890,"msg":"a"}\n');
  });

  it('reads a field that is null as one that is not there', async () => {
    const log = '{"msg":null,"error":"disk is full"}\n{"msg":null,"error":null}\n';
    const args = [...all, '-n', '--field', 'msg,error'];
    const { stdout, stderr } = await runImesde(args, log);
    expect(stdout).toBe('1:{"msg":null,"error":"disk is full"}\n');
    expect(countsOf(stderr)).toMatchObject({ read: 2, window: 1, filtered: 1 });
    expect(oracleGap(stderr)).toBe(0);
  });

  it('filters a live stream, in the order of its lines', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', '--grep-not', 'debug', '--stats', ...tiny]);
    running.child.stdin.write('debug a\ndebug b\n');
    running.child.stdin.write('one\n');
    await running.until(({ stdout }) => stdout === 'one\n');
    running.child.stdin.end('debug c\ntwo');
    const { exitCode, stdout, stderr } = await running.result;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'one\ntwo\n' });
    expect(countsOf(stderr)).toMatchObject({ read: 5, window: 2, skipped: 3, filtered: 3 });
  });

  it('keeps times of several files apart', async () => {
    const folder = temporaryFolder();
    const old = path.join(folder, 'old.log');
    const bare = path.join(folder, 'bare.log');
    writeFileSync(old, '2020-01-01 10:00:00 an old line\n');
    writeFileSync(bare, 'a line without a time\n');
    const args = ['query', 'x', old, bare, '--since', '1h', '-k', '9', '--no-filename', ...tiny];
    expect((await runImesde(args)).stdout).toBe('a line without a time\n');
  });

  it('tells the time that a line carries, or else when it came', async () => {
    const before = Date.now();
    const { stdout } = await runImesde([...all, '--json'], `${lines[0] ?? ''}\nno time\n`);
    const [own, came] = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { time: string }).time);
    expect(own).toBe('2025-11-25T10:30:00.000Z');
    expect(Date.parse(came ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('may come from the environment; a flag wins', async () => {
    const env = { IMESDE_GREP: 'disk' };
    const args = ['query', 'x', '-k', '9', '--all', ...tiny];
    expect((await runImesde(args, 'disk\nmemory\n', { env })).stdout).toBe('disk\n');
    const flagged = [...args, '--grep', 'mem'];
    expect((await runImesde(flagged, 'disk\nmemory\n', { env })).stdout).toBe('memory\n');
  });

  it.each([
    ['--grep', '(a', 'missing closing )'],
    ['--grep-not', '(?=a)', 'look-around'],
    ['--where', 'level', 'It must be a field and its value'],
    ['--where', '=x', 'It must be a field and its value'],
    ['--field', 'a..b', 'this is no field'],
    ['--since', 'soon', 'this is no time'],
    ['--until', '25:00', 'this is no time'],
  ])('refuses %s %s in one line', async (option, value, message) => {
    for (const start of [
      ['query', 'x'],
      ['-w', 'x'],
    ]) {
      const result = await runImesde([...start, option, value, ...tiny], 'a\n');
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toContain(message);
      expect(result.stderr.match(/\n/g)).toHaveLength(1);
    }
  });
});

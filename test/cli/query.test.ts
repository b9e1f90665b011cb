import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { countsOf, oracleGap, runImesde, tiny, type RunResult } from '../helpers/run-imesde.ts';
import { allLogs, linesOfLog, readLog } from '../helpers/sample-logs.ts';

interface JsonMatch {
  readonly query: string;
  readonly rank: number;
  readonly score: number;
  readonly count?: number;
  readonly first?: string;
  readonly line: number;
  readonly time: string;
  readonly text: string;
}

function jsonOf({ stdout }: RunResult): JsonMatch[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonMatch);
}

const shop = readLog('shop.log');

describe('imesde query', () => {
  it('prints the lines that were meant, best first, and exits 0', async () => {
    const { exitCode, stdout, stderr } = await runImesde(['query', 'db failure', '-k', '5'], shop);
    const lines = stdout.trimEnd().split('\n');
    expect({ exitCode, stderr, count: lines.length }).toEqual({
      exitCode: 0,
      stderr: '',
      count: 5,
    });
    expect(linesOfLog('shop.log')).toEqual(expect.arrayContaining(lines));
    expect(lines[0]).toMatch(/database/);
    expect(
      lines.filter((line) => /database|closed the connection/.test(line)).length,
    ).toBeGreaterThan(3);
  });

  it('finds what the labels of the sample logs say', async () => {
    const events = readFileSync(
      new URL('../fixtures/labelled/auth.events', import.meta.url),
      'utf8',
    )
      .trimEnd()
      .split('\n');
    const labels = readFileSync(
      new URL('../fixtures/labelled/queries.jsonl', import.meta.url),
      'utf8',
    )
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            system: string;
            query: string;
            kind: string;
            relevant: Record<string, number>;
          },
      )
      .filter(({ system, kind }) => system === 'auth' && kind === 'lexical');
    expect(labels.length).toBeGreaterThan(3);
    const args = ['query', ...labels.flatMap(({ query }) => ['-e', query]), '-k', '1', '--json'];
    const matches = jsonOf(await runImesde(args, readLog('auth.log')));
    const right = matches.filter(
      ({ line }, i) => (labels[i]!.relevant[events[line - 1]!] ?? 0) > 0,
    );
    expect(right.length / labels.length).toBeGreaterThanOrEqual(0.7);
  });

  it('prints JSON with its keys in the order that the contract gives', async () => {
    const before = Date.now();
    const result = await runImesde(
      ['query', 'out of memory', '-k', '3', '--json'],
      readLog('kernel.log'),
    );
    const matches = jsonOf(result);
    expect(matches).toHaveLength(3);
    const log = linesOfLog('kernel.log');
    for (const [index, match] of matches.entries()) {
      const several = match.count !== undefined && match.count > 1 ? ['first'] : [];
      const keys = ['query', 'rank', 'score', 'count', ...several, 'line', 'time', 'text'];
      expect(Object.keys(match)).toEqual(keys);
      expect(match).toMatchObject({ query: 'out of memory', rank: index + 1 });
      expect(match.text).toBe(log[match.line - 1]);
      expect(Math.abs(Date.parse(match.time) - before)).toBeLessThan(60_000);
      expect(String(match.score)).toMatch(/^-?[01](\.\d{1,4})?$/);
    }
    const scores = matches.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('tells each shape once with its count and newest line, and with --all every line', async () => {
    const input =
      'disk full after 12 writes\nother words here\ndisk full after 77 writes\ndisk full after 190 writes\n';
    const once = jsonOf(await runImesde(['query', 'disk full', '-k', '9', '--json'], input));
    expect(once[0]).toMatchObject({ count: 3, line: 4, text: 'disk full after 190 writes' });
    expect(once[0]?.first).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(once[1]).not.toHaveProperty('first');
    expect(once).toHaveLength(2);
    const all = jsonOf(
      await runImesde(['query', 'disk full', '-k', '9', '--json', '--all'], input),
    );
    expect(all.map(({ line }) => line)).toEqual([4, 3, 1, 2]);
    expect(all.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(Object.keys(all[0]!)).not.toContain('count');
  });

  it('gives as many lines with --all as it is asked for', async () => {
    const { exitCode, stdout } = await runImesde(
      ['query', 'login', '-k', '1000', '--all', ...tiny],
      allLogs(),
    );
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1_000);
  });

  it('keeps lines apart with --exact', async () => {
    const input = 'error after 503 ms from upstream\nerror after 404 ms from upstream\n';
    const masked = jsonOf(await runImesde(['query', 'error', '-k', '5', '--json', ...tiny], input));
    const exact = jsonOf(
      await runImesde(['query', 'error after 404 ms', '-k', '5', '--json', '--exact'], input),
    );
    expect(masked).toHaveLength(1);
    expect(exact).toHaveLength(2);
    expect(exact[0]).toMatchObject({ line: 2, count: 1 });
  });

  it('prints the matches of several phrases in the order of the phrases', async () => {
    const args = ['query', '-e', 'out of memory', '-e', 'link is down', '-k', '2', '--json'];
    const matches = jsonOf(await runImesde(args, readLog('kernel.log')));
    expect(matches.map(({ query, rank }) => `${query} ${rank}`)).toEqual([
      'out of memory 1',
      'out of memory 2',
      'link is down 1',
      'link is down 2',
    ]);
    expect(matches[0]?.text).toMatch(/memory/i);
    expect(matches[2]?.text).toMatch(/link/i);
  });

  it('prints no more lines than -m says, and only those of at least -s', async () => {
    const both = ['query', '-e', 'database', '-e', 'disk', '-k', '5', '-m', '7', ...tiny];
    const few = await runImesde(both, shop);
    expect(few.stdout.trimEnd().split('\n')).toHaveLength(7);
    const args = ['query', 'database connection lost', '-k', '50', '--json', '--rank', 'cosine'];
    const all = jsonOf(await runImesde(args, shop));
    const some = jsonOf(await runImesde([...args, '-s', '0.4'], shop));
    expect(all.length).toBeGreaterThan(some.length);
    expect(some.length).toBeGreaterThan(0);
    expect(some.map(({ line }) => line)).toEqual(
      all.filter(({ score }) => score >= 0.4).map(({ line }) => line),
    );
    const none = await runImesde(['query', 'database', '-s', '1', ...tiny], shop);
    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('prints nothing with -q, and tells by its exit code', async () => {
    const found = await runImesde(['query', 'database', '-q', ...tiny], shop);
    expect(found).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const args = ['query', 'database', '-q', '-s', '1', ...tiny];
    expect(await runImesde(args, shop)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('prints scores into a pipe only when it is asked to', async () => {
    const { stdout } = await runImesde(['query', 'db', '-k', '2', '--scores', ...tiny], shop);
    expect(stdout).toMatch(/^(-?\d\.\d{3} {2}2024-11-19T.*\n){2}$/);
  });

  it('colours into a pipe only with --color always', async () => {
    const args = ['query', 'db failure', '-k', '1', '--scores', ...tiny];
    const escape = '\x1b[';
    expect((await runImesde(args, shop)).stdout).not.toContain(escape);
    const always = await runImesde([...args, '--color', 'always'], shop, {
      env: { NO_COLOR: '1' },
    });
    expect(always.stdout).toContain(escape);
  });

  it('says how much was searched only when lines had to go', async () => {
    const args = ['query', 'database', '-k', '1', '--stats', ...tiny];
    const whole = await runImesde(args, allLogs());
    expect(whole.stderr).not.toContain('searched');
    const part = await runImesde([...args, '--rows', '50'], allLogs());
    expect(part.stderr).toMatch(/imesde: searched the last \d+ of 1409 lines: raise --rows/);
    expect(oracleGap(part.stderr)).toBe(0);
    expect(countsOf(part.stderr)).toMatchObject({ read: 1_409, waiting: 0 });
    // Where not every shape is read, rows bound nothing that is searched.
    const few = await runImesde(['query', 'database', '-k', '1', '--window', '50'], allLogs());
    expect(few.stderr).toMatch(
      /^imesde: searched the last \d+ of 1409 lines: raise --window or --window-bytes to search more\n$/,
    );
  });

  it('needs no more memory of lines than --window says, with --all', async () => {
    const args = ['query', 'database', '--all', '-k', '1000', '--window', '10', '--stats', ...tiny];
    const { stdout, stderr } = await runImesde(args, shop);
    expect(stdout.trimEnd().split('\n').sort()).toEqual(linesOfLog('shop.log').slice(-10).sort());
    expect(stderr).toContain('searched the last 10 of 309 lines');
    expect(oracleGap(stderr)).toBe(0);
  });
});

describe('imesde query, on next to nothing', () => {
  it.each([
    ['an empty input', ''],
    ['empty lines', '\n\n \t\n'],
    ['a byte order mark', '\ufeff'],
  ])('exits 1 for %s', async (_, input) => {
    expect(await runImesde(['query', 'anything', ...tiny], input)).toEqual({
      exitCode: 1,
      signal: undefined,
      stdout: '',
      stderr: '',
    });
  });

  it.each([
    ['no final newline', 'disk full', 'disk full'],
    ['CRLF', 'disk full\r\n', 'disk full'],
    ['a byte order mark', '\ufeffdisk full\n', 'disk full'],
    ['a lone CR inside', 'disk\rfull\n', 'disk\rfull'],
    ['nothing but punctuation', '--------\n', '--------'],
    ['nothing but digits', '12345\n', '12345'],
    [
      'characters of every kind',
      'e\u0301 \u05d0\u200b\u202e 日本 \u{1f600}\n',
      'e\u0301 \u05d0\u200b\u202e 日本 \u{1f600}',
    ],
  ])('finds the only line: %s', async (_, input, expected) => {
    const { exitCode, stdout } = await runImesde(
      ['query', 'disk full', '-k', '10000', ...tiny],
      input,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${expected}\n` });
  });

  it('works with a window of one line and one shape', async () => {
    const args = ['query', 'a', '--all', '--window', '1', '--rows', '1', '--stats', ...tiny];
    const { stdout, stderr } = await runImesde(args, 'a b\na b\nc d\nc d\nc d\n');
    expect(stdout).toBe('c d\n');
    expect(countsOf(stderr)).toMatchObject({ read: 5, window: 1, evicted: 4 });
  });
});

describe('a ranking', () => {
  let lines: string[];
  beforeAll(() => {
    lines = linesOfLog('shop.log');
  });

  it('lists the newer line first where scores are equal', async () => {
    const input = `${lines[0]!}\nsomething else\n${lines[0]!}\n${lines[0]!}\n`;
    const matches = jsonOf(
      await runImesde(['query', 'web', '--all', '--json', '-k', '4', ...tiny], input),
    );
    const equal = matches.filter(({ text }) => text === lines[0]).map(({ line }) => line);
    expect(equal).toEqual([4, 3, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { screenOf } from '../control/terminal.ts';
import { logsFolder, runImesde, runInTerminal } from '../helpers/run-imesde.ts';

const shop = `${logsFolder}/shop.log`;
const utf8 = { LC_ALL: 'C.UTF-8' };

interface Bucket {
  readonly query: string;
  readonly label?: string;
  readonly from: number;
  readonly to: number;
  readonly answers: boolean;
  readonly events: number;
  readonly lines: number;
  readonly example?: { readonly score: number; readonly text: string };
}

async function bucketsOf(...args: string[]): Promise<Bucket[]> {
  const { stdout } = await runImesde(['scores', '--json', ...args]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Bucket);
}

describe('imesde scores', () => {
  it('prints in JSON a range of scores a line, with what is in it', async () => {
    const buckets = await bucketsOf('db failure', shop);
    for (const [index, { query, from, to, answers, events, example }] of buckets.entries()) {
      expect(query).toBe('db failure');
      expect(to).toBeGreaterThan(from);
      expect(to).toBe(buckets[index - 1]?.from ?? to);
      expect(answers).toBe(from >= 0.35);
      expect(example === undefined).toBe(events === 0);
      if (example === undefined) continue;
      expect(example.score).toBeGreaterThanOrEqual(from);
      expect(example.score).toBeLessThanOrEqual(to);
    }
    expect(buckets.at(-1)!.from).toBe(0);
  });

  it('counts the events and lines that a query would tell', async () => {
    const buckets = await bucketsOf('db failure', '-s', '0.4', shop);
    const { stdout } = await runImesde([
      ...['query', 'db failure', '-k', '1000', '-s', '0.4', '--json', shop],
    ]);
    const told = stdout.trimEnd().split('\n');
    const counts = told.map((line) => (JSON.parse(line) as { count: number }).count);
    const sum = (key: 'events' | 'lines'): number =>
      buckets.filter(({ answers }) => answers).reduce((total, bucket) => total + bucket[key], 0);
    expect(sum('events')).toBe(told.length);
    expect(sum('lines')).toBe(counts.reduce((total, count) => total + count, 0));
  });

  it('has an edge at the threshold, whatever that is', async () => {
    const buckets = await bucketsOf('db failure', '-s', '0.413', shop);
    const edge = buckets.findIndex(({ answers }) => !answers);
    expect(buckets.slice(edge - 1, edge + 1)).toMatchObject([
      { from: 0.413, to: 0.45, answers: true },
      { from: 0.4, to: 0.413, answers: false },
    ]);
  });

  it('draws in ASCII where the locale has no more, and within 80 columns', async () => {
    for (const env of [{ LC_ALL: 'C' }, utf8]) {
      const { exitCode, stdout, stderr } = await runImesde(['scores', 'db failure', shop], '', {
        env,
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).toMatch(/^db failure: the \d+ nearest events of \d+ lines, by score/);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
      expect(lines.some((line) => /^ 0\.00 (#|█)+ +\d+ {2}\S/.test(line))).toBe(true);
      const rule = lines.filter((line) =>
        /threshold 0\.35: \d+ events answer, \d+ lines/.test(line),
      );
      expect(rule).toHaveLength(1);
      if (env.LC_ALL === 'C') expect(stdout).not.toMatch(/[^\0-\x7f]/);
      else expect(stdout).toContain('█');
    }
  });

  it('uses the width of the terminal, and no more', async () => {
    for (const columns of [60, 160]) {
      const script = `stty cols ${columns}; "$NODE" "$IMESDE" scores "db failure" ${shop}`;
      const env = { ...utf8, NO_COLOR: '1' };
      const { stdout } = await runInTerminal(`bash -c '${script}'`, { env });
      const rows = screenOf(stdout.replaceAll('\n', '\r\n'), columns);
      expect(rows).toEqual(stdout.trimEnd().split('\n'));
      const longest = Math.max(...rows.map((row) => row.length));
      expect(longest).toBeLessThanOrEqual(columns);
      if (columns === 160) expect(longest).toBeGreaterThan(100);
    }
  });

  it('shows what lines hold, and obeys none of it', async () => {
    const hostile = 'database failure \x1b]0;title\x07 \u202e \x1b[2J\n\tat x\n';
    for (const args of [[], ['--color', 'always']]) {
      const { stdout } = await runImesde(['scores', 'db failure', ...args], hostile);
      const text = stdout.replaceAll(/\x1b\[\d+m/g, '');
      expect(text).toContain('\\x1b]0;title\\x07 \\u202e');
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    }
  });

  it('tells each phrase by itself, with its label', async () => {
    const args = ['-e', 'db failure', '-e', 'penguins', '--label', 'db', shop];
    const buckets = await bucketsOf(...args);
    expect(new Set(buckets.map(({ query, label }) => `${query} ${label ?? '-'}`))).toEqual(
      new Set(['db failure db', 'penguins -']),
    );
    const { stdout } = await runImesde(['scores', ...args]);
    expect(stdout.match(/^(db failure|penguins): the/gm)).toHaveLength(2);
  });

  it('ends with 1 where nothing answers, and 2 where a file is missing', async () => {
    expect((await runImesde(['scores', 'penguins', shop])).exitCode).toBe(1);
    expect((await runImesde(['scores', 'db failure'])).exitCode).toBe(1);
    const { exitCode, stderr } = await runImesde(['scores', 'db failure', shop, 'no.log']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: no such file no\.log: .*\n$/);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logsFolder, runImesde, runInTerminal } from '../helpers/run-imesde.ts';

const utf8 = { LC_ALL: 'C.UTF-8', TZ: 'UTC' };
const shop = path.join(logsFolder, 'shop.log');
const logs = ['access.log', 'api.jsonl', 'auth.log', 'kernel.log', 'shop.log', 'worker.logfmt'];

interface Group {
  readonly file?: string;
  readonly rank: number;
  readonly count: number;
  readonly events: number;
  readonly first?: string;
  readonly last?: string;
  readonly when: readonly number[];
  readonly trouble: number;
  readonly new: boolean;
  readonly line: number;
  readonly text: string;
  readonly template: string;
}

interface End {
  readonly done: true;
  readonly lines: number;
  readonly events: number;
  readonly groups: number;
  readonly more: {
    readonly events: number;
    readonly count: number;
    readonly trouble: { readonly events: number; readonly count: number };
  };
  readonly empty: number;
  readonly evicted: number;
  readonly filtered: number;
  readonly axis: 'time' | 'line';
  readonly from?: string | number;
  readonly to?: string | number;
}

async function digestOf(
  args: readonly string[],
  input = '',
): Promise<{ readonly groups: Group[]; readonly end: End; readonly exitCode?: number }> {
  const { stdout, stderr, exitCode } = await runImesde(['digest', '--json', ...args], input);
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  const groups = lines.slice(0, -1).map((line) => JSON.parse(line) as Group);
  return { groups, end: JSON.parse(lines.at(-1) ?? '') as End, exitCode: exitCode ?? NaN };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Everything that a text tells the number of. */
function countsOfText(text: string): { readonly said: number; readonly told: number } {
  const rows = text.trimEnd().split('\n');
  const number = (digits = ''): number => Number(digits.replaceAll(',', ''));
  const said = number(/^([\d,]+) lines?/.exec(rows[0] ?? '')?.[1]);
  const groups = rows.slice(2).map((row) => number(/^(?:!!|! | {2}) *([\d,]+) {2}/.exec(row)?.[1]));
  const rest = rows.map((row) => number(/^and .*?([\d,]+) (?:empty )?lines?/.exec(row)?.[1]));
  return { said, told: sum(groups) + sum(rest) };
}

function at(second: number): string {
  return new Date(Date.UTC(2024, 4, 1) + second * 1_000).toISOString();
}

/** A line a second. */
function steady(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${at(i)} INFO served page ${i} to visitor`);
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imesde-digest-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the counts of a digest', () => {
  it.each(logs)('add up to the lines that were read: %s', async (log) => {
    const file = path.join(logsFolder, log);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
    for (const args of [['--groups', '3'], ['--groups', '12'], []]) {
      const { groups, end } = await digestOf([...args, '--lines', 'physical', file]);
      expect(end.lines).toBe(lines);
      expect(end.groups).toBe(groups.length);
      expect(sum(groups.map(({ count }) => count)) + end.more.count + end.empty).toBe(lines);
      expect(sum(groups.map(({ events }) => events)) + end.more.events).toBe(end.events);
      for (const { count, when } of groups) expect(sum(when)).toBe(count);
    }
    const { stdout } = await runImesde(['digest', '--lines', 'physical', file], '', { env: utf8 });
    expect(countsOfText(stdout)).toEqual({ said: lines, told: lines });
  });

  it('add up where lines are empty, filtered out or found no room', async () => {
    const words = 'red green blue black white brown grey pink'.split(' ');
    const lines = words.flatMap((word) => [`${word} lamp was lit`, '', `${word} door fell shut`]);
    const input = `${lines.join('\n')}\n`;
    const { groups, end } = await digestOf(['--window', '4', '--grep-not', 'pink'], input);
    expect(end).toMatchObject({ lines: lines.length - 2, filtered: 2, empty: words.length });
    expect(end.evicted).toBe(2 * (words.length - 1) - 4);
    const told = sum(groups.map(({ count }) => count));
    expect(told + end.more.count + end.empty + end.evicted).toBe(end.lines);
    const { stdout } = await runImesde(['digest', '--window', '4', '--grep-not', 'pink'], input);
    const counts = countsOfText(stdout);
    expect(counts).toEqual({ said: end.lines, told: end.lines });
  });

  it('are those of all files, gzip and standard input', async () => {
    const packed = path.join(folder, 'old.log.gz');
    writeFileSync(packed, gzipSync(steady(40).join('\n')));
    const { groups, end } = await digestOf(
      ['--groups', '999', packed, '-', shop],
      `${steady(30).join('\n')}\n`,
    );
    expect(end.lines).toBe(40 + 30 + readFileSync(shop, 'utf8').trimEnd().split('\n').length);
    const served = groups.find(({ text }) => text.includes('served page'));
    expect(served).toMatchObject({ count: 70, events: 1, file: '(standard input)', line: 30 });
    expect(groups.some(({ file }) => file === shop)).toBe(true);
  });
});

describe('a digest', () => {
  it('groups what says much the same, and keeps trouble apart from what went well', async () => {
    const { groups } = await digestOf([shop]);
    const postgres = groups.find(({ text }) => text.includes('postgres'));
    expect(postgres).toMatchObject({ count: 7, events: 6, trouble: 1 });
    for (const { text, trouble } of groups) {
      if (/ (?:ERROR|FATAL) /.test(text)) expect(trouble).toBe(1);
      if (/ (?:DEBUG|INFO) /.test(text)) expect(trouble).toBeLessThan(1);
    }
  });

  it('tells trouble first, and rare trouble beside what there is most of', async () => {
    const lines = steady(2_000);
    lines[700] = `${at(700)} ERROR disk sda is about to fail`;
    const { groups } = await digestOf([], lines.join('\n'));
    expect(groups.map(({ count, trouble }) => [count, trouble])).toEqual([
      [1, 1],
      [1_999, 0],
    ]);
  });

  it('shares the rows between trouble and the rest', async () => {
    const lines = [
      'ERROR disk sda is about to fail',
      'ERROR certificate of the mail server has expired',
      'ERROR wrong password for the payment gateway',
      'ERROR kernel panic in the wireless driver',
      'ERROR invoice could not be printed',
      'INFO pages served to visitors',
      'INFO backup of photographs completed',
      'INFO new kitchen lamp registered',
      'INFO train arrives at the station',
      'INFO coffee machine heated',
    ];
    const { groups, end } = await digestOf(['--groups', '4'], lines.join('\n'));
    const trouble = groups.filter((group) => group.trouble === 1).length;
    expect(groups).toHaveLength(4);
    expect([trouble, 4 - trouble]).toEqual([3, 1]);
    expect(end.more.trouble.events).toBeGreaterThan(0);
  });

  it('marks as new what was first seen late, unless that may be chance or its like was there', async () => {
    const lines = steady(1_000);
    lines[300] = `${at(300)} WARN upload refused by bucket blue`;
    lines[950] = `${at(950)} WARN upload refused by bucket green`;
    lines[960] = `${at(960)} ERROR certificate of the mail server has expired`;
    lines[970] = `${at(970)} INFO lamp in the cellar was switched on`;
    const { groups } = await digestOf([], lines.join('\n'));
    expect(groups.filter((group) => group.new).map(({ text }) => text)).toEqual([lines[960]]);
    const older = path.join(folder, 'a.log.1');
    const newer = path.join(folder, 'a.log');
    writeFileSync(newer, lines.slice(500).join('\n'));
    writeFileSync(older, lines.slice(0, 500).join('\n'));
    const { groups: ofBoth } = await digestOf([newer, older]);
    expect(ofBoth.filter((group) => group.new).map(({ text }) => text)).toEqual([lines[960]]);
  });

  it('shows when, by the times of the lines', async () => {
    const lines = steady(600);
    for (const second of [300, 301, 302]) lines[second] = `${at(second)} ERROR cache node is lost`;
    const { groups, end } = await digestOf([], lines.join('\n'));
    expect(end).toMatchObject({ axis: 'time', from: at(0), to: at(599) });
    expect(groups[0]).toMatchObject({ first: at(300), last: at(302), count: 3 });
    const { stdout } = await runImesde(['digest'], lines.join('\n'), { env: utf8 });
    const [, titles, lost, served] = stdout.split('\n');
    expect(titles).toContain('00:00  00:09');
    expect(lost).toMatch(/^!! {4}3 {2}▁{6}█▁{5} {2}ERROR cache node is lost$/);
    expect(served).toMatch(/^ {4}597 {2}█{12} {2}INFO served page … to visitor$/);
  });

  it('shows it by line numbers where lines carry no time', async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      i < 300 ? `served page ${i}` : `pump stopped at level ${i}`,
    );
    const { groups, end } = await digestOf([], lines.join('\n'));
    expect(end).toMatchObject({ axis: 'line', from: 1, to: 400 });
    for (const group of groups) expect(group).not.toHaveProperty('first');
    const { stdout } = await runImesde(['digest'], lines.join('\n'), { env: utf8 });
    expect(stdout).toContain('line 1   400');
    expect(stdout).toMatch(/ 300 {2}█{9}▂▁▁ {2}served page …\n/);
  });

  it('shows it by line numbers where a few clocks were wrong', async () => {
    const lines = [`1970-01-01T00:00:07.000Z INFO booting`, ...steady(400)];
    const { end } = await digestOf([], lines.join('\n'));
    expect(end).toMatchObject({ axis: 'line', from: 1, to: 401 });
  });

  it('tells at most so many groups, and in JSON and text the same', async () => {
    const { groups, end } = await digestOf(['--groups', '2', shop]);
    expect(groups.map(({ rank }) => rank)).toEqual([1, 2]);
    const { stdout } = await runImesde(['digest', '--groups', '2', shop]);
    const rows = stdout.split('\n').filter((row) => /^(?:!!|! | {2}) *\d+ {2}/.test(row));
    expect(rows).toHaveLength(2);
    expect(stdout).toContain(`and ${end.more.events} more events in ${end.more.count} lines`);
  });

  it('has a row for each line and no more columns than the terminal has', async () => {
    for (const columns of [80, 200]) {
      const { stdout, exitCode } = await runInTerminal(
        `stty cols ${columns} rows 24; "$NODE" "$IMESDE" digest --color never --no-progress test/fixtures/logs/*.log`,
        { env: utf8 },
      );
      const rows = stdout.trimEnd().split('\n');
      expect(exitCode).toBe(0);
      expect(rows.length).toBeLessThanOrEqual(23);
      expect(rows.length).toBeGreaterThan(15);
      for (const row of rows) expect(Array.from(row).length).toBeLessThanOrEqual(columns);
      expect(Math.max(...rows.map((row) => Array.from(row).length))).toBeGreaterThan(columns * 0.8);
    }
  });

  it('never sends a terminal what it would obey', async () => {
    const hostile = 'login failed \x1b]0;owned\x07 \x1b[2J \u202edrawkcab \x9b31m\x00 end';
    for (const [input, name] of [
      [`${hostile}\n${hostile}\n`, 'as it is'],
      [`${JSON.stringify({ level: 'error', msg: hostile })}\n`, 'in JSON'],
    ]) {
      const { stdout, exitCode } = await runImesde(['digest', '--color', 'never'], input);
      expect(exitCode, name).toBe(0);
      expect(stdout, name).toContain('login failed');
      expect(stdout.replaceAll('\n', ''), name).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
    const { groups } = await digestOf([], `${hostile}\n`);
    expect(groups[0]!.text).toBe(hostile);
  });

  it('masks nothing with --exact', async () => {
    const lines = ['ERROR door 7 fell shut', 'ERROR door 8 fell shut', 'INFO door 7 opened'];
    const { groups, end } = await digestOf(['--exact'], lines.join('\n'));
    expect(end.events).toBe(3);
    for (const { text, template } of groups) expect(template).toBe(text);
    expect(groups.every(({ text, trouble }) => text.startsWith('INFO') || trouble === 1)).toBe(
      true,
    );
  });

  it('reads a line of JSON to its message', async () => {
    const { stdout } = await runImesde(['digest', path.join(logsFolder, 'api.jsonl')], '', {
      env: utf8,
    });
    expect(stdout).toMatch(/error payment failed/);
    expect(stdout).toMatch(/info request completed/);
  });

  it('has an exit code of 1 where there are no lines, and 2 for what is wrong', async () => {
    for (const input of ['', '\n \n']) {
      expect((await runImesde(['digest'], input)).exitCode).toBe(1);
    }
    expect((await runImesde(['digest', '--grep', 'nowhere', shop])).exitCode).toBe(1);
    const missing = await runImesde(['digest', 'no-such.log']);
    expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
    expect(missing.stderr).toBe('imesde: no such file no-such.log: check its name\n');
    const partly = await runImesde(['digest', 'no-such.log', shop]);
    expect(partly.exitCode).toBe(2);
    expect(partly.stdout).toContain('309 lines');
    for (const groups of ['0', '-1', '2.5', 'x']) {
      const { exitCode, stdout, stderr } = await runImesde(['digest', '--groups', groups, shop]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('is the same however its lines are cut into chunks', async () => {
    const whole = readFileSync(shop);
    const bytes = Array.from({ length: Math.ceil(whole.length / 997) }, (_, i) =>
      whole.subarray(i * 997, (i + 1) * 997),
    );
    const one = await runImesde(['digest', '--json'], whole);
    const other = await runImesde(['digest', '--json'], bytes);
    expect(other.stdout).toBe(one.stdout);
  });
});

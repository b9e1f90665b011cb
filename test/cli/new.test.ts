import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { logsFolder, runImesde, runInTerminal, startImesde } from '../helpers/run-imesde.ts';

const shop = readFileSync(path.join(logsFolder, 'shop.log'), 'utf8').trimEnd().split('\n');
const yesterday = shop.slice(0, 150).join('\n');
const today = shop.slice(150).join('\n');

function file(content: string | Buffer, name = 'app.log'): string {
  const path_ = path.join(temporaryFolder(), name);
  writeFileSync(path_, content);
  return path_;
}

function lines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

interface Told {
  readonly kind: string;
  readonly score?: number;
  readonly far?: number;
  readonly count?: number;
  readonly expected?: number;
  readonly rank?: number;
  readonly line: number;
  readonly text: string;
}

function json(stdout: string): Told[] {
  return lines(stdout).map((line) => JSON.parse(line) as Told);
}

describe('imesde new', () => {
  it('prints the first line of each event, as it came, in the order of the input', async () => {
    const { exitCode, stdout, stderr } = await runImesde(['new'], `${yesterday}\n`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const told = lines(stdout);
    expect(told.length).toBeGreaterThan(10);
    expect(told.length).toBeLessThan(75);
    const places = told.map((line) => shop.indexOf(line));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  it('prints nothing a second time, whatever numbers, hosts and names it has', async () => {
    const again = yesterday
      .replaceAll(/\b\d{4,}\b(?!-)/g, (number) => String(Number(number) + 1_357))
      .replaceAll('2024-11-19', '2024-11-20')
      .replaceAll('192.0.2.', '198.51.100.')
      .replaceAll('ines', 'zubekol');
    const { exitCode, stdout } = await runImesde(['new', '--baseline', file(yesterday)], again);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('tells another error of what used to go well', async () => {
    const well = 'worker 17 finished job thumbnails in 12 ms';
    const input = `${`${well}\n`.repeat(50)}worker 18 failed job thumbnails in 12 ms\n${well}\n`;
    const { stdout } = await runImesde(['new', '--warm-up', '50'], input);
    expect(lines(stdout)).toEqual(['worker 18 failed job thumbnails in 12 ms']);
  });

  it('tells at the end what a baseline had and this has not, and what has grown', async () => {
    const heartbeat = Array.from({ length: 400 }, (_, i) => `heartbeat ${i} of the scheduler`);
    const slow = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => `query ${i} on the catalog was slow`);
    const before = [...heartbeat, ...slow(4), 'nightly backup done'].join('\n');
    const now = ['user signed in', ...slow(300), 'disk sda failed'].join('\n');
    const { stdout, exitCode } = await runImesde(
      ['new', '--json', '--baseline', file(before)],
      now,
    );
    expect(exitCode).toBe(0);
    const told = json(stdout);
    expect(told.map(({ kind, text }) => [kind, text])).toEqual(
      [
        ['new', 'user signed in'],
        ['new', 'disk sda failed'],
        ['grown', 'query 0 on the catalog was slow'],
        ['gone', 'heartbeat 0 of the scheduler'],
      ].toSorted((one, other) => order(one, told) - order(other, told)),
    );
    const gone = told.find(({ kind }) => kind === 'gone');
    expect(gone).toMatchObject({ count: 400, line: 1 });
    expect(told.find(({ kind }) => kind === 'grown')).toMatchObject({ count: 300 });
    const text = await runImesde(['new', '--baseline', file(before)], now);
    expect(text.stdout).toMatch(/^new: user signed in\nnew: disk sda failed\n/);
    expect(text.stdout).toContain('gone, was ×400: heartbeat 0 of the scheduler\n');
    expect(text.stdout).toMatch(/grown ×300, was ×\d[\d.]*: query 0 on the catalog was slow\n/);
  });

  it('remembers across runs what was seen, in a file for its owner alone', async () => {
    const seen = path.join(temporaryFolder(), 'app.seen');
    const first = await runImesde(['new', '--seen', seen], yesterday);
    expect(lines(first.stdout).length).toBeGreaterThan(10);
    expect(statSync(seen).mode & 0o777).toBe(0o600);
    expect((await runImesde(['new', '--seen', seen], yesterday)).exitCode).toBe(1);
    const second = await runImesde(['new', '--seen', seen], today);
    const baseline = await runImesde(['new', '--json', '--baseline', file(yesterday)], today);
    const told = json(baseline.stdout).filter(({ kind }) => kind === 'new');
    expect(lines(second.stdout)).toEqual(told.map(({ text }) => text));
    expect(readFileSync(seen, 'utf8')).not.toContain('postgres');
  });

  it('with --state reads on as well, and tells each line once', async () => {
    const folder = temporaryFolder();
    const log = path.join(folder, 'app.log');
    const args = [
      'new',
      '--seen',
      path.join(folder, 'seen'),
      '--state',
      path.join(folder, 'state'),
    ];
    writeFileSync(log, 'disk sda failed\n');
    expect((await runImesde([...args, log])).stdout).toBe('disk sda failed\n');
    writeFileSync(log, 'disk sda failed\ndisk sda failed\nmail was refused\n');
    expect((await runImesde([...args, '-n', log])).stdout).toBe('3:mail was refused\n');
  });

  it('refuses what was seen while another run has it, or where it is damaged', async () => {
    const seen = path.join(temporaryFolder(), 'app.seen');
    const running = startImesde(['new', '--seen', seen]);
    running.child.stdin.write('one line\n');
    await running.until(({ stdout }) => stdout !== '');
    const other = await runImesde(['new', '--seen', seen], 'x\n');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(
      /^imesde: another run has what was seen, .*: wait for its end.*\n$/,
    );
    running.child.stdin.end();
    await running.result;
    writeFileSync(seen, '{"version":1');
    const damaged = await runImesde(['new', '--seen', seen], 'x\n');
    expect(damaged.exitCode).toBe(2);
    expect(damaged.stderr).toMatch(
      /^imesde: .*damaged: remove it to begin anew, or name another\n$/,
    );
  });

  it('keeps what was seen when it is stopped', async () => {
    const seen = path.join(temporaryFolder(), 'app.seen');
    const running = startImesde(['new', '--seen', seen]);
    running.child.stdin.write('one line\n');
    await running.until(({ stdout }) => stdout !== '');
    running.child.kill('SIGTERM');
    expect((await running.result).exitCode).toBe(143);
    expect((await runImesde(['new', '--seen', seen], 'one line\n')).exitCode).toBe(1);
  });

  it('tells on a schedule how many more came', async () => {
    const running = startImesde(['new', '--every', '200ms']);
    running.child.stdin.write('disk 1 failed\n');
    await running.until(({ stdout }) => stdout !== '');
    running.child.stdin.write('disk 2 failed\ndisk 3 failed\n');
    await running.until(({ stdout }) => stdout.includes('more'));
    running.child.stdin.end();
    expect((await running.result).stdout).toBe('disk 1 failed\n×2 more: disk 1 failed\n');
  });

  it('with --sort score tells at the end, the most telling first, and for how many it stands', async () => {
    const input = ['cache refreshed', 'disk sda failed', 'cache refreshed'].join('\n');
    const { stdout } = await runImesde(['new', '--sort', 'score', '--json'], input);
    const told = json(stdout);
    expect(told.map(({ rank, text, count }) => [rank, text, count])).toEqual([
      [1, 'disk sda failed', 1],
      [2, 'cache refreshed', 2],
    ]);
    const [first] = lines(stdout);
    expect(Object.keys(JSON.parse(first ?? '') as object)).toEqual([
      'kind',
      'rank',
      'score',
      'far',
      'count',
      'line',
      'time',
      'text',
    ]);
  });

  it('tells why: what was seen nearest, and the words of trouble', async () => {
    const input =
      'mail to anna was delivered by the relay\nmail to anna was delayed by a full queue\n';
    const { stdout } = await runImesde(['new', '--explain'], input);
    expect(stdout).toContain('    nothing before it\n');
    expect(stdout).toMatch(/^ {4}nothing before it speaks of delayed, full$/m);
    const { stdout: explained } = await runImesde(
      ['new', '--explain', '--warm-up', '1'],
      'mail to anna was delivered by the relay\nmail to anna bounced\n',
    );
    expect(explained).toMatch(/^ {4}0\.\d\d from "mail to anna was delivered by the relay"$/m);
  });

  it('takes only what is telling enough, and no more than is wanted', async () => {
    const input = ['cache refreshed', 'disk sda failed', 'mail refused'].join('\n');
    const telling = await runImesde(['new', '-s', '0.5'], input);
    expect(lines(telling.stdout)).toEqual(['disk sda failed', 'mail refused']);
    expect((await runImesde(['new', '-m', '1'], input)).stdout).toBe('cache refreshed\n');
    const nothing = await runImesde(['new', '-s', '0.5'], 'cache refreshed\n');
    expect(nothing).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('with -q ends at the first, while input is still open', async () => {
    const running = startImesde(['new', '-q', '--warm-up', '1']);
    running.child.stdin.write('cache refreshed\ndisk sda failed\n');
    expect(await running.result).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('reads files, gzip too, and names them where they are several', async () => {
    const one = file('cache refreshed\n');
    const two = file(gzipSync('cache refreshed\ndisk sda failed\n'), 'b.gz');
    const { stdout } = await runImesde(['new', '-n', one, two]);
    expect(lines(stdout)).toEqual([`${one}:1:cache refreshed`, `${two}:2:disk sda failed`]);
  });

  it('with --exact takes each different record for itself, whatever it tells first', async () => {
    const trace = (frame: string): string =>
      [
        'Traceback (most recent call last):',
        `  File "app.py", line 1, in ${frame}`,
        'KeyError: 7',
      ].join('\n');
    const input = `${trace('load')}\n${trace('rollback_after_crash')}\n`;
    const records = async (...options: string[]): Promise<number> =>
      json((await runImesde(['new', '--json', ...options], input)).stdout).length;
    expect(await records()).toBe(1);
    expect(await records('--exact')).toBe(2);
  });

  it('leaves out what filters leave out', async () => {
    const input = 'DEBUG cache refreshed\nINFO disk sda failed\n';
    const { stdout } = await runImesde(['new', '--grep-not', '^DEBUG'], input);
    expect(lines(stdout)).toEqual(['INFO disk sda failed']);
  });

  it('counts every line it read', async () => {
    const input = `\n\n${yesterday}\nDEBUG x\n`;
    const { stderr } = await runImesde(['new', '--stats', '--grep-not', '^DEBUG'], input);
    const [, read, evicted, empty, filtered] =
      /read (\d+) = waiting 0 \+ window 0 \+ evicted (\d+) \+ skipped \d+ \(empty (\d+), .* filtered (\d+)\)/.exec(
        stderr,
      ) ?? [];
    expect([read, evicted, empty]).toEqual([`153`, `${153 - 2 - Number(filtered)}`, '2']);
    expect(Number(filtered)).toBeGreaterThan(0);
  });

  it('shows what is hostile, and never obeys it', async () => {
    const log = file('\x1b]0;title\x07disk \x1b[31mfailed\r\n');
    const script = `"$NODE" "$IMESDE" new --explain ${log}`;
    const { stdout } = await runInTerminal(script, { env: { NO_COLOR: '1' } });
    expect(stdout).toContain('\\x1b]0;title\\x07disk \\x1b[31mfailed');
    expect(stdout).not.toContain('\x1b');
  });

  it.each([
    [['new', '--baseline', '-'], /^imesde: a baseline is read before standard input: name a file/],
    [['new', '--baseline', '/nowhere'], /^imesde: .*\/nowhere/],
    [['new', '/nowhere'], /^imesde: no such file \/nowhere: check its name\n$/],
    [['new', '--state', 'x'], /^imesde: --state keeps where reading of files ended/],
    [['new', '--warm-up', 'x'], /^imesde: option '--warm-up <n>' argument 'x' is invalid/],
    [['new', '--model', 'test/fixtures/model/tiny/mean'], /has no word table.*leave --model out/],
    [['--new'], /^imesde: --new is of what answers, but nothing is watched: add -w PHRASE/],
    [['-w', 'x', '--seen', 'y'], /^imesde: --seen remembers which events were new: add --new/],
  ])('ends with 2 and one line for %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runImesde(args, 'x\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(lines(stderr)).toHaveLength(1);
  });
});

describe('-w --new', () => {
  const input = ['disk sda failed', 'cache refreshed', 'disk sdb failed', 'disk sda failed'].join(
    '\n',
  );

  it('prints what answers and is new', async () => {
    const all = await runImesde(['-w', 'disk failure'], input);
    expect(lines(all.stdout)).toHaveLength(3);
    const { stdout, exitCode } = await runImesde(['-w', 'disk failure', '--new'], input);
    expect({ stdout, exitCode }).toEqual({ stdout: 'disk sda failed\n', exitCode: 0 });
  });

  it('with --seen not again in the next run', async () => {
    const args = ['-w', 'disk failure', '--new', '--seen', path.join(temporaryFolder(), 'seen')];
    expect((await runImesde(args, input)).stdout).toBe('disk sda failed\n');
    expect(await runImesde(args, input)).toMatchObject({ stdout: '', exitCode: 1 });
  });
});

function order([kind]: string[], told: readonly Told[]): number {
  return told.findIndex((one) => one.kind === kind);
}

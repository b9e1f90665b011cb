import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, startImesde } from '../helpers/run-imesde.ts';
import { readLog } from '../helpers/sample-logs.ts';

const shop = readLog('shop.log');
const phrase = 'no space left on the disk';
const watch = ['-w', phrase, '-s', '0.8'];

/** A program that writes what it was given, a file a run. */
function recorder(script = ''): { readonly cmd: string; readonly runs: () => string[] } {
  const folder = temporaryFolder();
  const file = path.join(folder, 'record it');
  writeFileSync(
    file,
    `#!/bin/sh
{ printf '%s|%s|%s|%s|%s|%s\\n' "$1" "$IMESDE_PHRASE" "$IMESDE_LABEL" "$IMESDE_SCORE" "$IMESDE_COUNT" "$IMESDE_LINE"
cat; } > "${folder}/$$.tmp"
mv "${folder}/$$.tmp" "${folder}/run-$IMESDE_LINE"
${script}
`,
  );
  chmodSync(file, 0o755);
  const lines = Array.from({ length: 2_000 }, (_, i) => path.join(folder, `run-${i}`));
  return {
    cmd: `'${file}' '$HOME *'`,
    runs: () => lines.filter((run) => existsSync(run)).map((run) => readFileSync(run, 'utf8')),
  };
}

describe('--exec', () => {
  it('runs a program for each line that answers, the line on its standard input', async () => {
    const { cmd, runs } = recorder();
    const args = [...watch, '--label', 'disk', '--exec', cmd];
    const { exitCode, stdout, stderr } = await runImesde(args, shop);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const told = runs().map((run) => run.split('\n'));
    const printed = stdout.trimEnd().split('\n');
    expect(told.map(([, line]) => `disk: ${line}`)).toEqual(printed);
    expect(printed.length).toBeGreaterThan(2);
    for (const [facts] of told) {
      expect(facts).toMatch(/^\$HOME \*\|no space left on the disk\|disk\|0\.\d{4}\|1\|\d+$/);
    }
  });

  it('makes no command of a line, whatever it holds', async () => {
    const { cmd, runs } = recorder();
    const line = 'ERROR no space left on disk "; touch owned; $(touch owned) `touch owned` | x';
    const args = ['-w', phrase, '-s', '0.1', '--lines', 'physical', '--exec', cmd];
    const { exitCode } = await runImesde(args, `${line}\n`);
    expect(exitCode).toBe(0);
    expect(runs().map((run) => run.split('\n')[1])).toEqual([line]);
    expect(existsSync('owned')).toBe(false);
  });

  it('runs once for each event in a time, and tells how many lines there were', async () => {
    const { cmd, runs } = recorder();
    const lines = Array.from({ length: 60 }, (_, i) => `ERROR no space left on disk ${i}\n`);
    const args = ['-w', phrase, '-s', '0.1', '--exec', cmd, '--every', '1h'];
    const { stdout, stderr } = await runImesde(args, lines.join(''));
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toHaveLength(60);
    expect(runs().map((run) => run.split('\n')[0]!.split('|').slice(4))).toEqual([
      ['1', '1'],
      ['59', '60'],
    ]);
  });

  it('runs again when the time is over, for what came meanwhile', async () => {
    const { cmd, runs } = recorder();
    const args = ['-w', phrase, '-s', '0.1', '--exec', cmd, '--every', '500ms'];
    const running = startImesde(args);
    running.child.stdin.write('ERROR no space left on disk\n'.repeat(3));
    await expect.poll(() => runs().length, { timeout: 60_000 }).toBe(2);
    running.child.stdin.end();
    expect((await running.result).exitCode).toBe(0);
    expect(runs().map((run) => run.split('|')[4])).toEqual(['1', '2']);
  });

  it('never holds the stream back: what is too much is dropped, counted and told', async () => {
    const { cmd } = recorder('exec sleep 1');
    const lines = Array.from({ length: 300 }, (_, i) => `ERROR no space left on disk ${i}\n`);
    const args = ['-w', phrase, '-s', '0.1', '--exec', cmd];
    const running = startImesde(args);
    running.child.stdin.write(lines.join(''));
    await running.until(({ stdout }) => stdout.includes('disk 299\n'));
    running.child.kill('SIGINT');
    const { exitCode, stderr } = await running.result;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(
      /^imesde: --exec: of \d+ runs 0 failed; (2\d\d|19\d|1[0-8]\d) lines came while too many ran/m,
    );
  });

  it('tells the first failure at once, and counts the others', async () => {
    const { exitCode, stdout, stderr } = await runImesde([...watch, '--exec', 'false'], shop);
    expect(exitCode).toBe(0); // Lines answered.
    const count = stdout.trimEnd().split('\n').length;
    expect(stderr).toBe(
      'imesde: --exec: false ended with 1: further failures are counted\n' +
        `imesde: --exec: of ${count} runs ${count} failed\n`,
    );
  });

  it('is no failure of a program that does not read the line, or prints', async () => {
    const { exitCode, stdout, stderr } = await runImesde([...watch, '--exec', 'echo seen'], shop);
    expect({ exitCode, hasSeen: stdout.includes('seen') }).toEqual({ exitCode: 0, hasSeen: false });
    expect(stderr).toMatch(/^(seen\n)+$/);
  });

  it.each([
    [['--exec', 'no-such-program x'], /no program no-such-program/],
    [['--exec', '/etc'], /no program \/etc/],
    [['--exec', '"open'], /never closed/],
    [['--exec', ' '], /names no program/],
    [['--every', '1m'], /--exec CMD/],
    [['--exec', 'true', '--every', 'now'], /--every/],
  ])('is refused at the start where it can not work: %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await runImesde([...watch, ...args], shop);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('needs a phrase', async () => {
    const { exitCode, stderr } = await runImesde(['--fifo', 'x', '--exec', 'true'], shop);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/add -w PHRASE/);
  });
});

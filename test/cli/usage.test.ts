import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repository, runImesde, runShell, tiny } from '../helpers/run-imesde.ts';

describe('bad usage exits 2, says so in one line on stderr and prints nothing', () => {
  it.each([
    ['a number that is none', ['query', 'x', '-k', 'nope'], /--top.*whole number from 1 to 10000/],
    ['a score that is none', ['query', 'x', '-s', 'high'], /--min-score.*from -1 to 1/],
    ['a score out of range', ['query', 'x', '-s', '1.5'], /--min-score/],
    [
      'a size that is none',
      ['query', 'x', '--window-bytes', '1T'],
      /--window-bytes.*like 64K or 256M/,
    ],
    ['a line cap of nothing', ['query', 'x', '--max-line-bytes', '1'], /--max-line-bytes/],
    ['too many workers', ['query', 'x', '--workers', '9'], /--workers/],
    ['no workers', ['query', 'x', '--workers', '0'], /--workers/],
    ['a ranking that is none', ['query', 'x', '--rank', 'magic'], /--rank/],
    ['a colour that is none', ['query', 'x', '--color', 'pink'], /--color/],
    ['an option that is none', ['query', 'x', '--bogus'], /unknown option '--bogus'/],
    ['an option without its value', ['query', 'x', '-k'], /argument missing/],
    ['no phrase', ['query'], /missing required argument 'phrase'/],
    ['an empty phrase', ['query', ''], /phrase is empty/],
    ['a phrase of white space', ['-w', ' \t'], /phrase is empty/],
    ['a command that is none', ['find', 'x'], /unknown command 'find': .*imesde query "find x"/],
    ['an option before its command', ['-k', '1', 'query', 'x'], /--top stands before query/],
    ['a flag before its command', ['--json', 'ask', 'x'], /--json stands before ask/],
    ['a typing error', ['--wacth', 'x'], /unknown option '--wacth' \(Did you mean --watch\?\)/],
    ['a policy that is none', ['-w', 'x', '--on-overload', 'panic'], /--on-overload/],
  ])('%s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await runImesde(args, 'disk full\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^imesde: [^\n]+\n$/);
  });

  it('a variable of the environment that can not be read, and names it', async () => {
    const env = { IMESDE_WINDOW: 'many' };
    const { exitCode, stdout, stderr } = await runImesde(['query', 'x'], 'disk full\n', { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^imesde: .*IMESDE_WINDOW.*\n$/);
  });

  it('a folder as standard input', async () => {
    const { exitCode, stderr } = await runShell('imesde query x < /');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "imesde: can't read standard input, it is a folder: pipe a file or a command into imesde\n",
    });
  });
});

describe('what can come from the environment', () => {
  const input = 'one two\nthree four\nfive six\nseven eight\n';

  it('counts where there is no flag', async () => {
    const env = { IMESDE_WINDOW: '2', IMESDE_ROWS: '2', IMESDE_WORKERS: '1' };
    const { stdout } = await runImesde(['query', 'x', '--all', ...tiny], input, { env });
    expect(stdout.trimEnd().split('\n').sort()).toEqual(['five six', 'seven eight']);
    const bytes = await runImesde(['query', 'x', '--all', ...tiny], input, {
      env: { IMESDE_WINDOW_BYTES: '11', IMESDE_MAX_LINE_BYTES: '1K' },
    });
    expect(bytes.stdout).toBe('seven eight\n');
    const score = await runImesde(['query', 'x', ...tiny], input, {
      env: { IMESDE_MIN_SCORE: '1' },
    });
    expect(score).toMatchObject({ exitCode: 1, stdout: '' });
    const model = await runImesde(['query', 'x'], input, { env: { IMESDE_MODEL: '/nonexistent' } });
    expect(model.exitCode).toBe(2);
    expect(model.stderr).toMatch(/^imesde: \/nonexistent\S* is missing: /);
  });

  it('yields to a flag', async () => {
    const env = { IMESDE_WINDOW: '1', IMESDE_MODEL: '/nonexistent' };
    const args = ['query', 'x', '--all', '--window', '3', ...tiny];
    const { stdout } = await runImesde(args, input, { env });
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('help', () => {
  it.each([
    [['--help'], ['Usage: imesde', 'Matching:', 'Output:', 'Examples:', 'Exit codes:', '--watch']],
    [
      ['query', '--help'],
      ['Usage: imesde query', 'Matching:', 'Examples:', '--top', '(default: 5)'],
    ],
  ])('of %j shows groups of options and examples', async (args, parts) => {
    const { exitCode, stdout, stderr } = await runImesde(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const part of parts) expect(stdout).toContain(part);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('gives the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8')) as {
      version: string;
    };
    expect((await runImesde(['--version'])).stdout).toBe(`${version}\n`);
  });

  it('is quiet when its reader has left, and fails when it can not be written', async () => {
    // The pipe's reader is gone before imesde starts.
    const left = await runShell('{ sleep 0.2; imesde --help; echo "$?" >&2; } | true');
    expect(left.stderr).toBe('0\n');
    const full = await runShell('imesde query --help > /dev/full');
    expect(full.exitCode).toBe(2);
    expect(full.stderr).toMatch(/^imesde: write error on standard output \(ENOSPC\)/);
  });
});

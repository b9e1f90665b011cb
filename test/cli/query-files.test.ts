/** `imesde query PHRASE [FILE…]`, as grep has it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { countsOf, runImesde, runInTerminal, runShell, startShell } from '../helpers/run-imesde.ts';
import { readLog } from '../helpers/sample-logs.ts';

let cwd: string;
const options = { cwd: '' };
const full = 'disk full: no space left on /dev/sda1';

beforeAll(() => {
  cwd = temporaryFolder();
  options.cwd = cwd;
  writeFileSync(path.join(cwd, 'a.log'), `all is well\nuser signed in\n${full}`); // No final newline.
  writeFileSync(path.join(cwd, 'b.log.gz'), gzipSync('one more thing\nthe disk is full\n'));
  writeFileSync(path.join(cwd, 'c.log'), 'user signed in\nuser signed out\n');
  writeFileSync(path.join(cwd, 'd.log.xz'), Buffer.from('fd377a585a000000', 'hex'));
  writeFileSync(path.join(cwd, 'e.log'), Buffer.from('\ufeffdisk full\n', 'utf16le'));
  writeFileSync(path.join(cwd, 'phrases'), 'disk full\r\n\n \nuser signed out\n');
  mkdirSync(path.join(cwd, 'folder'));
});

function query(...args: string[]): ReturnType<typeof runImesde> {
  return runImesde(['query', ...args], '', options);
}

describe('files', () => {
  it('are read each by itself, gzip too, and name their lines where there are several', async () => {
    const one = await query('disk full', 'a.log');
    expect(one).toMatchObject({ exitCode: 0, stdout: `${full}\n`, stderr: '' });
    const three = await query('disk full', 'a.log', 'c.log', 'b.log.gz', '-n');
    expect(three).toMatchObject({ exitCode: 0, stderr: '' });
    expect(three.stdout.trimEnd().split('\n').sort()).toEqual([
      `a.log:3:${full}`,
      'b.log.gz:2:the disk is full',
    ]);
  });

  it('-H names a single one, --no-filename none of several', async () => {
    expect((await query('disk full', '-H', 'a.log')).stdout).toBe(`a.log:${full}\n`);
    const none = await query('disk full', '--no-filename', 'a.log', 'b.log.gz');
    expect(none.stdout.trimEnd().split('\n').sort()).toEqual([full, 'the disk is full'].sort());
    const stdin = await runImesde(['query', '-H', 'disk full'], 'disk full\n');
    expect(stdin.stdout).toBe('(standard input):disk full\n');
  });

  it('have in JSON their names and the numbers of their own lines', async () => {
    const { stdout } = await query('disk full', '--json', 'c.log', 'a.log', 'b.log.gz');
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const places = found.map(({ file, line }) => `${String(file)} ${String(line)}`);
    expect(places.sort()).toEqual(['a.log 3', 'b.log.gz 2']);
    expect(Object.keys(found[0]!)).toEqual([
      'file', 'query', 'rank', 'score', 'count', 'line', 'time', 'text',
    ]); // prettier-ignore
  });

  it('number records of several lines by their first', async () => {
    const trace =
      'ERROR disk is full\n  at Disk.write (disk.js:1:2)\n  at Log.flush (log.js:3:4)\n';
    writeFileSync(path.join(cwd, 'trace.log'), `hello\n${trace}disk full\n`);
    const { stdout } = await query(
      'disk full',
      '-n',
      '-k',
      '9',
      '--sort',
      'time',
      'a.log',
      'trace.log',
    );
    const numbers = stdout.match(/^\S+\.log:\d+/gm);
    expect(numbers).toEqual(expect.arrayContaining(['a.log:3', 'trace.log:2', 'trace.log:5']));
  });

  it('- is standard input', async () => {
    const { stdout } = await runImesde(
      ['query', 'disk full', 'c.log', '-', '--json'],
      'nothing\ndisk full\n',
      options,
    );
    expect(JSON.parse(stdout)).toMatchObject({ file: '(standard input)', line: 2 });
    const twice = await runImesde(['query', '-c', 'disk full', '-', '-'], 'disk full\n');
    expect(twice.stdout).toBe('(standard input):1\n');
  });

  it('may be pipes, which -q leaves open', async () => {
    const through = await runShell(`imesde query "disk full" <(cat "${cwd}/a.log")`);
    expect(through.stdout).toBe(`${full}\n`);
    const open = `exec 2> /dev/null; cat "${cwd}/a.log"; echo; sleep 60 & echo $! > "${cwd}/pid"; wait`;
    const running = startShell(`imesde query -q "disk full" <(${open})`);
    expect(await running.result).toMatchObject({ exitCode: 0, stderr: '' });
    await runShell(`kill $(cat "${cwd}/pid")`);
  });

  it('need no standard input: it may be a terminal', async () => {
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" query "disk full" "${cwd}/a.log" < /dev/tty`,
      { env: { NO_COLOR: '1' } },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0\.\d{3} {2}disk full: no space left on \/dev\/sda1\n$/);
  });

  it('are all counted', async () => {
    const { stderr } = await query('disk full', '--stats', 'a.log', 'b.log.gz', 'c.log');
    expect(countsOf(stderr)).toMatchObject({ read: 7, window: 7, waiting: 0 });
  });
});

describe('what can not be read', () => {
  it.each([
    ['missing', ['gone.log'], 'no such file gone.log: for a second phrase, -e "gone.log"'],
    ['missing beside -e', ['-e', 'x', 'gone.log'], 'no such file gone.log: check its name'],
    ['a folder', ['folder'], 'folder is a folder: name the files in it'],
    ['another archive', ['d.log.xz'], 'd.log.xz is xz: xz -dc FILE | imesde …'],
    [
      'UTF-16',
      ['e.log'],
      'e.log is UTF-16: convert it first, for example with iconv -f UTF-16 -t UTF-8',
    ],
  ])('is named in one line, exit code 2, and the others are read: %s', async (_, args, message) => {
    const phrase = args[0] === '-e' ? [] : ['disk full'];
    const also = args[0] === '-e' ? ['-e', 'disk full'] : [];
    expect(await query(...phrase, ...also, ...args, 'a.log')).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining(full) as string,
      stderr: `imesde: ${message}\n`,
    });
    const alone = await query(...phrase, ...also, ...args);
    expect(alone).toMatchObject({ exitCode: 2, stdout: '', stderr: `imesde: ${message}\n` });
  });

  it('is no reason to say no where -q found an answer', async () => {
    expect((await query('-q', 'disk full', 'folder', 'a.log')).exitCode).toBe(0);
    expect((await query('-q', 'penguins in the snow', 'folder', 'a.log')).exitCode).toBe(2);
  });

  it('gets a hint where words were perhaps one phrase', async () => {
    const { exitCode, stderr } = await query('disk', 'full');
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'imesde: no such file full: for one phrase, quote it, "disk full"; for a second phrase, -e "full"\n',
    );
  });

  it('gets a hint where file and phrase changed places', async () => {
    expect(await query('a.log', 'disk full')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr:
        'imesde: no such file disk full, but a.log is one: the phrase comes first, imesde query "disk full" a.log\n',
    });
  });

  it('gets a hint where a file was given as the phrase', async () => {
    const { exitCode, stdout } = await runInTerminal(
      `cd "${cwd}" && "$NODE" "$IMESDE" query a.log < /dev/tty`,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toBe(
      'imesde: a.log is taken for the phrase, but it is a file: say what to look for before it\n',
    );
  });
});

describe('phrases', () => {
  it('-e and -f give more, and then every operand is a file', async () => {
    const args = ['-e', 'user signed in', '-f', 'phrases', '-k', '1', '--json', 'a.log', 'c.log'];
    const { exitCode, stdout } = await query(...args);
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { query: string });
    expect(exitCode).toBe(0);
    expect(found.map((match) => match.query)).toEqual([
      'user signed in',
      'disk full',
      'user signed out',
    ]);
  });

  it('from a file are watched for in a live run', async () => {
    const input = 'the cache was cleared\nuser signed out\n';
    const { stdout } = await runImesde(['-f', 'phrases'], input, options);
    expect(stdout).toBe('user signed out\n');
  });

  it.each([
    [
      'no file',
      ['-f', 'gone'],
      /^imesde: can't read the phrases in gone \(ENOENT\): check its name\n$/,
    ],
    [
      'no phrase in it',
      ['-f', '/dev/null'],
      /^imesde: \/dev\/null has no phrase: write one a line\n$/,
    ],
    [
      'a label too many',
      ['-e', 'x', '--label', 'a', '--label', 'b'],
      /^imesde: --label b names no phrase: /,
    ],
  ])('%s is an error', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await query(...args, 'a.log');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('labels name them in text and JSON, and all that a line answers', async () => {
    const args = ['-e', 'disk full', '-e', 'user signed out', '--label', 'disk', '-k', '1'];
    const text = await query(...args, '-n', 'a.log', 'c.log');
    expect(text.stdout).toBe(`disk: a.log:3:${full}\nc.log:2:user signed out\n`);
    const json = await query(...args, '--json', 'a.log');
    expect(json.stdout).toMatch(/^\{"file":"a.log","query":"disk full","label":"disk","rank":1,/);
    const watches = ['-w', 'disk full', '-w', 'disk is full', '--label', 'one', '--label', 'two'];
    const live = await runImesde(watches, 'the disk is full\nnothing\n');
    expect(live.stdout).toMatch(/^(one, two|two, one): the disk is full\n$/);
  });
});

describe('-c and -l', () => {
  it('tell each file, as grep does', async () => {
    const files = ['a.log', 'b.log.gz', 'c.log'];
    expect((await query('-c', 'disk full', ...files)).stdout).toBe(
      'a.log:1\nb.log.gz:1\nc.log:0\n',
    );
    expect((await query('-c', 'disk full', 'a.log')).stdout).toBe('1\n');
    expect((await query('-c', '-H', 'disk full', 'a.log')).stdout).toBe('a.log:1\n');
    const listed = await query('-l', 'disk full', ...files);
    expect(listed).toMatchObject({ exitCode: 0, stdout: 'a.log\nb.log.gz\n', stderr: '' });
    expect(await query('-l', 'disk full', 'c.log')).toMatchObject({ exitCode: 1, stdout: '' });
    expect((await query('-l', 'disk full', 'a.log')).stdout).toBe('a.log\n');
    const stdin = await runImesde(['query', '-l', 'disk full'], 'disk full\n');
    expect(stdin.stdout).toBe('(standard input)\n');
    const json = await query('-c', '--json', 'disk full', 'a.log');
    expect(json.stdout).toBe('{"file":"a.log","count":1}\n');
  });
});

it('a large file after others keeps its numbers', async () => {
  const log = readLog('shop.log');
  writeFileSync(path.join(cwd, 'shop.log'), log);
  const { stdout } = await query(
    'no space left on device',
    '-n',
    '--all',
    '-s',
    '0.9',
    'a.log',
    'shop.log',
  );
  const lines = log.split('\n');
  const found = [...stdout.matchAll(/^shop\.log:(\d+):(.*)$/gm)];
  expect(found.length).toBeGreaterThan(0);
  for (const [, number, text] of found) expect(lines[Number(number) - 1]).toBe(text);
});

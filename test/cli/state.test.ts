import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  runImesde,
  runShell,
  shellCode,
  startImesde,
  tiny,
  type Running,
} from '../helpers/run-imesde.ts';

function files(content: string): { folder: string; log: string; state: string } {
  const folder = temporaryFolder();
  const log = path.join(folder, 'app.log');
  writeFileSync(log, content);
  return { folder, log, state: path.join(folder, 'cron.state') };
}

/** What a run finds that is new. */
async function news(log: string, state: string, ...more: string[]): Promise<string[]> {
  const args = ['query', 'x', log, '--state', state, '--all', '-k', '100', '--sort', 'time'];
  const { stdout, stderr } = await runImesde([...args, '-n', ...more, ...tiny]);
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
}

describe('--state', () => {
  it('reads on where the last run ended, with the numbers of the lines in the file', async () => {
    const { folder, log, state } = files('one\ntwo\n');
    expect(await news(log, state)).toEqual(['1:one', '2:two']);
    expect(await news(log, state)).toEqual([]);
    appendFileSync(log, 'three\nfo');
    expect(await news(log, state)).toEqual(['3:three']);
    appendFileSync(log, 'ur\n');
    expect(await news(log, state)).toEqual(['4:four']);
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['app.log', 'cron.state']);
  });

  it('reads the rest of a file that was rotated, then the new one', async () => {
    const { log, state } = files('one\n');
    await news(log, state);
    appendFileSync(log, 'late in the old\n');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'first in the new\n');
    expect(await news(log, state)).toEqual(['2:late in the old', '1:first in the new']);
    expect(await news(log, state)).toEqual([]);
  });

  it('reads the rest in the copy of a file that was copied and cut', async () => {
    const first = `a first line that is long enough to be known again ${'by its words '.repeat(4)}`;
    const { log, state } = files(`${first}\n`);
    await news(log, state);
    appendFileSync(log, 'late in the old\n');
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
    appendFileSync(log, 'first in the new\n');
    expect(await news(log, state)).toEqual(['2:late in the old', '1:first in the new']);
  });

  it('begins anew where the file was cut, or is another with the same inode', async () => {
    const { log, state } = files('a first line\n');
    await news(log, state);
    truncateSync(log, 0);
    appendFileSync(log, 'other lines, and more of them than there were\n');
    const args = ['query', 'x', log, '--state', state, '-k', '9', ...tiny];
    const { exitCode, stdout, stderr } = await runImesde(args);
    expect(exitCode).not.toBe(2);
    expect(stdout).toBe('other lines, and more of them than there were\n');
    expect(stderr).toMatch(/^imesde: lines of \S+app\.log may be missing, .*\n$/);
    expect(await news(log, state)).toEqual([]);
  });

  it('keeps its place where the output could not be written', async () => {
    const { log, state } = files('one\n');
    const command = `imesde query x ${log} --state ${state} -k 9 ${tiny.join(' ')}`;
    expect((await runShell(`${command} > /dev/full`)).exitCode).toBe(2);
    expect(await news(log, state)).toEqual(['1:one']);
  });

  it('reads to the end with -q, so that the next run tells what is new', async () => {
    const { log, state } = files('one\ntwo\n');
    const args = ['query', 'x', log, '--state', state, '-q', '-s', '-1', ...tiny];
    expect((await runImesde(args)).exitCode).toBe(0);
    expect((await runImesde(args)).exitCode).toBe(1);
  });

  it('refuses what is no state and leaves it as it is', async () => {
    const { log, state } = files('one\n');
    for (const content of ['', 'notes of mine\n', '{"version":9,"files":{}}', '[]', 'null']) {
      writeFileSync(state, content);
      const { exitCode, stderr } = await runImesde(['query', 'x', log, '--state', state, ...tiny]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is no state that this imesde wrote');
      expect(readFileSync(state, 'utf8')).toBe(content);
    }
    unlinkSync(state);
    const { exitCode, stderr } = await runImesde(
      ['query', 'x', '--state', state, ...tiny],
      'one\n',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name the files to read');
  });

  it('reads half a line at the end of a rotated file: nobody writes the rest of it', async () => {
    const { log, state } = files('one\n');
    await news(log, state);
    appendFileSync(log, 'cut sho');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'first in the new\n');
    expect(await news(log, state)).toEqual(['2:cut sho', '1:first in the new']);
    expect(await news(log, state)).toEqual([]);
  });

  it('reads all that was rotated since, and says so where some of it is gone or packed', async () => {
    const { log, state } = files('one\n');
    await news(log, state);
    appendFileSync(log, 'two\n');
    renameSync(log, `${log}.3`);
    writeFileSync(`${log}.2`, 'three\n');
    writeFileSync(`${log}.1`, 'four\n');
    writeFileSync(log, 'five\n');
    const copy = `${state}.2`;
    copyFileSync(state, copy);
    expect(await news(log, state)).toEqual(['2:two', '1:three', '1:four', '1:five']);
    unlinkSync(`${log}.2`);
    writeFileSync(`${log}.2.gz`, gzipSync('three\n'));
    const { stdout, stderr } = await runImesde([
      'query',
      'x',
      log,
      '--state',
      copy,
      '-k',
      '9',
      '--sort',
      'time',
      ...tiny,
    ]);
    expect(stdout).toBe('two\nfour\nfive\n');
    expect(stderr).toBe(
      `imesde: lines of ${log} may be missing, for what was rotated or cut away is gone or packed: ` +
        'run more often, or rotate with delaycompress\n',
    );
  });

  it('keeps the places of several files, and of one that is missing for a while', async () => {
    const { folder, log, state } = files('one\n');
    const other = path.join(folder, 'other.log');
    writeFileSync(other, 'two\n');
    const run = async (): Promise<string> => {
      const args = ['query', 'x', log, other, '--state', state, '--all', '-k', '9', ...tiny];
      const { stdout } = await runImesde([...args, '--sort', 'time']);
      return stdout.replaceAll(`${folder}/`, '');
    };
    expect(await run()).toBe('app.log:one\nother.log:two\n');
    renameSync(other, `${other}.away`);
    appendFileSync(log, 'three\n');
    expect(await run()).toBe('app.log:three\n');
    renameSync(`${other}.away`, other);
    appendFileSync(other, 'four\n');
    expect(await run()).toBe('other.log:four\n');
  });

  it('is of one run at a time', async () => {
    const { log, state } = files('one\n');
    const running = following(log, state);
    await untilLine(running, 'one');
    const refused = await runImesde(['query', 'x', log, '--state', state, ...tiny]);
    expect(refused).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `imesde: another run has the state ${state}: wait for its end, or name another\n`,
    });
    await end(running);
    expect(await news(log, state)).toEqual([]);
  });

  it('is not written where the reader left or a signal came', async () => {
    const { log, state } = files('some words of a line\n'.repeat(20_000));
    const command = `imesde query x ${log} --state ${state} --all -k 10000 ${tiny.join(' ')}`;
    await runShell(`${command} | head -1`);
    // Nobody reads: it is stopped with output that has not left.
    const stopped = `"$NODE" "$IMESDE" ${command.slice(7)} > >(sleep 5) & sleep 2; kill $!; wait $!`;
    expect((await runShell(stopped)).exitCode).toBe(143);
    expect(readdirSync(path.dirname(state))).toEqual(['app.log']);
  });

  it.each([
    ['gzip', 'a.gz', 'is gzip, which does not grow: leave it or --state out'],
    ['a device', '/dev/null', "is no regular file, and where reading it ended can't be kept"],
    ['a folder', '.', 'is a folder: name the files in it'],
  ])('refuses %s', async (_, name, message) => {
    const { folder, state } = files('one\n');
    writeFileSync(path.join(folder, 'a.gz'), gzipSync('a\n'));
    const { exitCode, stderr } = await runImesde([
      'query',
      'x',
      path.resolve(folder, name),
      '--state',
      state,
      ...tiny,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('is told at once where none could be written', async () => {
    const { log, folder } = files('one\n');
    const state = path.join(folder, 'gone', 'state');
    const { exitCode, stdout, stderr } = await runImesde([
      'query',
      'x',
      log,
      '--state',
      state,
      '-k',
      '1',
      ...tiny,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      `imesde: can't keep a state in ${folder}/gone (ENOENT): name a file where one may be made\n`,
    );
  });

  it('follows links to the state, and leaves them', async () => {
    const { folder, log, state } = files('one\n');
    await news(log, state);
    const link = path.join(folder, 'link');
    symlinkSync(state, link);
    appendFileSync(log, 'two\n');
    expect(await news(log, link)).toEqual(['2:two']);
    expect(await news(log, state)).toEqual([]);
  });
});

function following(log: string, state: string): Running {
  const args = ['-w', 'x', '-s', '-1', '-F', log, '--state', state, '-n', '--stats'];
  const running = startImesde([...args, ...tiny]);
  running.child.stdin.end();
  return running;
}

async function untilLine(running: Running, line: string): Promise<void> {
  await running.until(({ stdout }) => `\n${stdout}`.includes(`:${line}\n`));
}

async function untilThere(file: string): Promise<void> {
  for (let waited = 0; waited < 30_000 && !existsSync(file); waited += 100) await setTimeout(100);
}

async function end(running: Running): Promise<string[]> {
  running.child.kill('SIGTERM');
  const result = await running.result;
  expect(shellCode(result)).toBe(143);
  return result.stdout.split('\n').slice(0, -1);
}

describe('--state of a live run', () => {
  it('goes on where the last one ended, through a rotation', async () => {
    const { log, state } = files('one\n');
    const first = following(log, state);
    await untilLine(first, 'one');
    appendFileSync(log, 'two\nha');
    await untilLine(first, 'two');
    await setTimeout(300);
    expect(await end(first)).toEqual(['1:one', '2:two']); // Half a line is left to the next run.
    appendFileSync(log, 'lf\nthree\n');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'four\n');
    const second = following(log, state);
    await untilLine(second, 'four');
    expect(await end(second)).toEqual(['3:half', '4:three', '1:four']);
    appendFileSync(log, 'five\n');
    expect(await news(log, state)).toEqual(['2:five']);
  });

  it('is kept while it runs: a kill loses nothing and repeats little', async () => {
    const { log, state } = files('one\n');
    const first = following(log, state);
    await untilLine(first, 'one');
    await untilThere(state);
    appendFileSync(log, 'two\n');
    first.child.kill('SIGKILL');
    await first.result;
    const second = following(log, state);
    await untilLine(second, 'two');
    expect(await end(second)).toEqual(['2:two']);
  });

  it('begins where the file ends when nothing is known: what came before is not told later', async () => {
    const { log, state } = files('');
    const first = following(log, state);
    await untilThere(state);
    await end(first);
    appendFileSync(log, `${'a line\n'.repeat(30)}last\n`);
    const second = following(log, state);
    await untilLine(second, 'last');
    expect(await end(second)).toHaveLength(31);
  });

  it.each([
    ['without -F', [], '--state keeps where reading of files ended, and standard input is none'],
    ['with -m', ['-F', 'x.log', '-m', '1'], '--state has each line told once'],
    ['with -q', ['-F', 'x.log', '-q'], '--state has each line told once'],
  ])('is refused %s', async (_, more, message) => {
    const { folder, state } = files('');
    const options = { cwd: folder };
    const { exitCode, stderr } = await runImesde(
      ['-w', 'x', '--state', state, ...more],
      'a\n',
      options,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

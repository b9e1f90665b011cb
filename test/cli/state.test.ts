import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, runShell, tiny } from '../helpers/run-imesde.ts';

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
});

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  countsOf,
  oracleGap,
  runImesde,
  runInTerminal,
  runShell,
  shellCode,
  startImesde,
  tiny,
  type Running,
} from '../helpers/run-imesde.ts';

const words = ['of words', 'and more', 'to read', 'about disks'];

function following(files: readonly string[], ...more: string[]): Running {
  const names = files.flatMap((file) => ['-F', file]);
  const running = startImesde(['-w', 'x', '-s', '-1', ...names, ...more, ...tiny]);
  running.child.stdin.end();
  return running;
}

async function stop(running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  expect(shellCode(await running.result)).toBe(143);
  expect(running.stderr).toBe('');
}

function linesOf(running: Running): string[] {
  return running.stdout.split('\n').slice(0, -1);
}

async function untilLine(running: Running, line: string): Promise<void> {
  await running.until(({ stdout }) => `\n${stdout}`.includes(`\n${line}\n`));
}

/** A log, and a way to wait until it is read. */
async function startOn(content: string): Promise<{ log: string; running: Running }> {
  const log = path.join(temporaryFolder(), 'app.log');
  writeFileSync(log, `${content}ready\n`);
  const running = following([log]);
  await untilLine(running, 'ready');
  return { log, running };
}

describe('imesde -F', () => {
  it('begins with the last ten lines and goes on with what comes', async () => {
    const old = Array.from({ length: 30 }, (_, i) => `old line ${i} ${words[i % 4] ?? ''}`);
    const { log, running } = await startOn(old.map((line) => `${line}\n`).join(''));
    appendFileSync(log, 'new line\nhalf');
    await untilLine(running, 'new line');
    appendFileSync(log, ' a line\n');
    await untilLine(running, 'half a line');
    expect(linesOf(running)).toEqual([...old.slice(-9), 'ready', 'new line', 'half a line']);
    await stop(running);
  });

  it('goes through rotations: each line once and in order, in the old file too while it is written', async () => {
    const { log, running } = await startOn('');
    const expected = ['ready'];
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 20; i += 1) {
        const line = `round ${round} line ${i} ${words[i % 4] ?? ''}`;
        expected.push(line);
        appendFileSync(log, `${line}\n`);
      }
      renameSync(log, `${log}.${round}`);
      const late = `written late in round ${round}`;
      appendFileSync(`${log}.${round}`, `${late}\n`);
      expected.push(late);
      writeFileSync(log, '');
    }
    const last = 'and the last one';
    appendFileSync(log, `${last}\n`);
    await untilLine(running, last);
    // A file that came and went between two looks was never seen: nothing was asked of it.
    const printed = linesOf(running);
    expect(printed.slice(0, 22)).toEqual(expected.slice(0, 22));
    expect(printed.at(-1)).toBe(last);
    expect(new Set(printed).size).toBe(printed.length);
    await stop(running);
  });

  it('goes through rotations that are waited for without losing a line', async () => {
    const { log, running } = await startOn('');
    const expected = ['ready'];
    for (let round = 0; round < 3; round += 1) {
      for (const word of words) {
        expected.push(`round ${round} ${word}`);
        appendFileSync(log, `round ${round} ${word}\n`);
      }
      await untilLine(running, expected.at(-1) ?? '');
      renameSync(log, `${log}.${round}`);
      if (round === 1) await setTimeout(600); // Nothing is there for a while.
    }
    writeFileSync(log, 'the end\n');
    await untilLine(running, 'the end');
    expect(linesOf(running)).toEqual([...expected, 'the end']);
    await stop(running);
  });

  it('makes half a line at a rotation a line of its own', async () => {
    const { log, running } = await startOn('');
    appendFileSync(log, 'cut sho');
    await setTimeout(300);
    renameSync(log, `${log}.1`);
    writeFileSync(log, '\uFEFFanother file\n');
    await untilLine(running, 'another file');
    expect(linesOf(running)).toEqual(['ready', 'cut sho', 'another file']);
    await stop(running);
  });

  it('begins anew where the file is cut, also where more is in it soon than before', async () => {
    const { log, running } = await startOn('a first line\n');
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
    appendFileSync(log, 'short\n');
    await untilLine(running, 'short');
    writeFileSync(log, 'longer than all that was in this file before it was cut\n');
    await untilLine(running, 'longer than all that was in this file before it was cut');
    await stop(running);
  });

  it('waits for a file that is not there, says so, and begins at its start', async () => {
    const log = path.join(temporaryFolder(), 'late.log');
    const running = following([log]);
    await running.until(({ stderr }) => stderr.endsWith('\n'));
    expect(running.stderr).toBe(`imesde: ${log} is not there yet: waiting for it\n`);
    const lines = Array.from(
      { length: 15 },
      (_, i) => `${words[i % 4] ?? ''} and ${'x'.repeat(i)}`,
    );
    writeFileSync(log, `${lines.join('\n')}\n`);
    await untilLine(running, lines.at(-1) ?? '');
    expect(linesOf(running)).toEqual(lines);
    unlinkSync(log);
    await setTimeout(400);
    writeFileSync(log, 'here again\n');
    await untilLine(running, 'here again');
    running.child.kill('SIGTERM');
    expect(shellCode(await running.result)).toBe(143);
  });

  it('never mixes lines of several files, and names the file of each and its number there', async () => {
    const folder = temporaryFolder();
    const files = ['one.log', 'two.log'].map((name) => path.join(folder, name));
    const [one = '', two = ''] = files;
    for (const file of files) writeFileSync(file, '');
    const running = following(files, '--json', '--stats');
    appendFileSync(one, 'begun ');
    await setTimeout(300);
    appendFileSync(two, 'whole in two\n');
    await running.until(({ stdout }) => stdout.includes('whole in two'));
    appendFileSync(one, 'and ended in one\nnext in one\n');
    await running.until(({ stdout }) => stdout.includes('next in one'));
    appendFileSync(two, 'last in two\n');
    await running.until(({ stdout }) => stdout.includes('last in two'));
    running.child.kill('SIGTERM');
    const { stderr } = await running.result;
    const told = linesOf(running).map((line) => {
      const { file, line: number, text } = JSON.parse(line) as Record<string, unknown>;
      return [file, number, text];
    });
    expect(told).toEqual([
      [two, 1, 'whole in two'],
      [one, 1, 'begun and ended in one'],
      [one, 2, 'next in one'],
      [two, 2, 'last in two'],
    ]);
    expect(oracleGap(stderr)).toBe(0);
  });

  it('ends after -m lines, and needs no standard input: a terminal will do', async () => {
    const log = path.join(temporaryFolder(), 'app.log');
    writeFileSync(log, 'disk full\nall well\n');
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" -w x -s -1 -m 1 -F ${log} ${tiny.join(' ')}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('disk full');
  });

  it('reads the old file on while one of several writers has not noticed', async () => {
    const { log, running } = await startOn('');
    const late = openSync(log, 'a');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'first in the new\n');
    await setTimeout(500);
    writeSync(late, 'late in the old\n');
    closeSync(late);
    await untilLine(running, 'first in the new');
    expect(linesOf(running)).toEqual(['ready', 'late in the old', 'first in the new']);
    await stop(running);
  });

  it('leaves the old file after a while, even where it is written on and on', async () => {
    const { log, running } = await startOn('');
    const late = openSync(log, 'a');
    renameSync(log, `${log}.1`);
    const writing = setInterval(() => writeSync(late, 'late in the old\n'), 100);
    writeFileSync(log, 'first in the new\n');
    await untilLine(running, 'first in the new');
    clearInterval(writing);
    closeSync(late);
    await stop(running);
  });

  it('drops the hole that a writer leaves behind whose file was cut under it', async () => {
    const log = path.join(temporaryFolder(), 'app.log');
    const writer = openSync(log, 'w'); // Without O_APPEND it goes on at its own place.
    writeSync(writer, `${'x'.repeat(200_000)}\nready\n`);
    const running = following([log], '--tail', '1', '--stats');
    await untilLine(running, 'ready');
    truncateSync(log, 0);
    writeSync(writer, 'behind the hole\n');
    closeSync(writer);
    await untilLine(running, 'behind the hole');
    expect(linesOf(running)).toEqual(['ready', 'behind the hole']);
    running.child.kill('SIGTERM');
    const { stderr } = await running.result;
    expect(stderr).toContain('200007 NUL bytes of holes dropped');
    expect(oracleGap(stderr)).toBe(0);
  });

  it('needs no notices of the system', async () => {
    const log = path.join(temporaryFolder(), 'app.log');
    writeFileSync(log, 'ready\n');
    const args = ['-w', 'x', '-s', '-1', '-F', log, ...tiny];
    const running = startImesde(args, { fault: 'no-notices.mjs' });
    await untilLine(running, 'ready');
    appendFileSync(log, 'new line\n');
    await untilLine(running, 'new line');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'another file\n');
    await untilLine(running, 'another file');
    expect(linesOf(running)).toEqual(['ready', 'new line', 'another file']);
    await stop(running);
  });

  it('reads so much of the past as --tail says', async () => {
    const log = path.join(temporaryFolder(), 'app.log');
    const old = Array.from({ length: 30 }, (_, i) => `old line ${i} ${words[i % 4] ?? ''}`);
    writeFileSync(log, `${old.join('\n')}\n`);
    const all = following([log], '--tail', '100', '--json');
    await all.until(({ stdout }) => stdout.includes(old.at(-1) ?? ''));
    expect(linesOf(all)).toHaveLength(30);
    expect(JSON.parse(linesOf(all)[0] ?? '')).toMatchObject({ file: log, line: 1 });
    await stop(all);
    const none = following([log], '--tail', '0');
    // Nothing tells that it has begun: it does when it prints.
    const writing = setInterval(() => {
      appendFileSync(log, 'new line\n');
    }, 200);
    await untilLine(none, 'new line');
    clearInterval(writing);
    expect(new Set(linesOf(none))).toEqual(new Set(['new line']));
    await stop(none);
  });

  it('reads all of the past that the window holds for who only asks', async () => {
    const folder = temporaryFolder();
    const log = path.join(folder, 'app.log');
    writeFileSync(log, `disk full\n${'all is well\n'.repeat(50)}`);
    const { stdout, exitCode } = await runShell(
      `cd ${folder}; imesde --fifo ctl -F app.log < /dev/null & ` +
        'imesde ask "disk full" --fifo ctl --timeout 60s --json; code=$?; ' +
        `echo '{"op":"quit"}' > ctl; wait; exit $code`,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ line: 1, text: 'disk full' });
  });

  it('numbers the lines of each file, also after a rotation, and names the file of several', async () => {
    const folder = temporaryFolder();
    const [one, two] = ['one.log', 'two.log'].map((name) => path.join(folder, name));
    if (one === undefined || two === undefined) throw new Error('two files');
    writeFileSync(one, 'a\nb\n');
    writeFileSync(two, 'c\n');
    const running = following([one, two], '-n');
    await untilLine(running, `${one}:2:b`);
    await untilLine(running, `${two}:1:c`);
    renameSync(one, `${one}.1`);
    writeFileSync(one, 'd\n');
    await untilLine(running, `${one}:1:d`);
    await stop(running);
  });

  it('reads a backlog that is more than the queue in order, each line once, and counts it', async () => {
    const folder = temporaryFolder();
    const files = ['one.log', 'two.log'].map((name) => path.join(folder, name));
    const count = 20_000;
    for (const file of files) {
      const lines = Array.from({ length: count }, (_, i) => `${path.basename(file)} ${i} of many`);
      writeFileSync(file, `${lines.join('\n')}\n`);
    }
    const running = following(files, '--stats', '--tail', '1000000');
    await running.until(({ stdout }) => stdout.split('\n').length > 2 * count);
    running.child.kill('SIGTERM');
    const { stderr, stdout } = await running.result;
    expect(countsOf(stderr)).toMatchObject({ read: 2 * count, waiting: 0 });
    for (const file of files) {
      const own = stdout.split('\n').filter((line) => line.startsWith(`${file}:`));
      expect(own.map((line) => Number(line.split(' ')[1]))).toEqual([...Array(count).keys()]);
    }
  });

  it('names what takes the place of a text and is none, once, and waits for a text', async () => {
    const { log, running } = await startOn('');
    renameSync(log, `${log}.1`);
    writeFileSync(log, gzipSync('packed\n'));
    await running.until(({ stderr }) => stderr.endsWith('\n'));
    await setTimeout(600);
    unlinkSync(log);
    writeFileSync(log, 'text again\n');
    await untilLine(running, 'text again');
    expect(linesOf(running)).toEqual(['ready', 'text again']);
    running.child.kill('SIGTERM');
    expect((await running.result).stderr).toBe(
      `imesde: ${log} is gzip, which is not followed: imesde query PHRASE FILE\n`,
    );
  });

  it('is for files: --tail without one is told', async () => {
    const { exitCode, stderr } = await runImesde(['-w', 'x', '--tail', '5', ...tiny], 'a\n');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'imesde: --tail is of files that are followed: name one, -F FILE\n',
    });
  });

  it.each([
    ['a folder', (folder: string) => folder, 'is a folder: name the files in it'],
    ['a device', () => '/dev/null', 'is no regular file'],
    [
      'a FIFO',
      (folder: string) => {
        execFileSync('mkfifo', [`${folder}/fifo`]);
        return `${folder}/fifo`;
      },
      'is no regular file',
    ],
    [
      'gzip',
      (folder: string) => {
        writeFileSync(`${folder}/a.gz`, gzipSync('a\n'));
        return `${folder}/a.gz`;
      },
      'is gzip, which is not followed: imesde query PHRASE FILE',
    ],
    ['standard input', () => '-', 'standard input is no file to follow'],
  ])('refuses %s', async (_, nameOf, message) => {
    const folder = path.join(temporaryFolder(), 'logs');
    mkdirSync(folder);
    const { exitCode, stdout, stderr } = await runImesde([
      '-w',
      'x',
      '-F',
      nameOf(folder),
      ...tiny,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

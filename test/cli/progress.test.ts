import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputProgress } from '../../src/cli/input-progress.ts';
import { startInTerminal } from '../control/terminal.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, startImesde, tiny } from '../helpers/run-imesde.ts';
import { newShapes } from '../helpers/sample-logs.ts';

const statusLine =
  /^imesde: read (\d+) = waiting \d+ \+ window \d+ \+ evicted \d+ \+ skipped \d+ lines, .*\d+ shapes, \d+ readings, [\d,]+ lines\/s in \d+ s, \d+ MiB\n$/;

describe('SIGUSR1 asks for one status line', () => {
  it('of a live run, which goes on', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', ...tiny]);
    running.child.stdin.write('one\ntwo\n');
    await running.until(({ stdout }) => stdout === 'one\ntwo\n');
    running.child.kill('SIGUSR1');
    await running.until(({ stderr }) => stderr.endsWith('\n'));
    running.child.stdin.end('three\n');
    const { exitCode, stdout, stderr } = await running.result;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'one\ntwo\nthree\n' });
    expect(statusLine.exec(stderr)?.[1]).toBe('2');
  });

  it('of a query, twice, which then answers', async () => {
    const running = startImesde(['query', 'x', '-k', '1', ...tiny]);
    const asked = async (lines: number): Promise<void> => {
      const before = running.stderr.length;
      running.child.kill('SIGUSR1');
      await running.until(({ stderr }) => stderr.length > before && stderr.endsWith('\n'));
      expect(running.stderr.split('\n')).toHaveLength(lines + 1);
    };
    running.child.stdin.write('one\n'.repeat(1_000));
    const maps = `/proc/${running.child.pid ?? 0}/maps`;
    await expect
      .poll(() => readFileSync(maps, 'utf8'), { timeout: 60_000 })
      .toContain('onnxruntime');
    await asked(1);
    await asked(2);
    running.child.stdin.end();
    const { exitCode, stdout, stderr } = await running.result;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'one\n' });
    expect(stderr).not.toContain('Debugger');
  });

  it.each([[['query', 'x', ...tiny]], [['-w', 'x', ...tiny]]])(
    'also while it starts: %j',
    async (args) => {
      const { stderr } = await runImesde(args, 'one\n', { fault: 'status-signal.mjs' });
      expect(stderr).toBe('imesde: no line read so far\n');
    },
  );

  it('also of help, which later Nodes may end before they hear it', async () => {
    const { exitCode, stderr } = await runImesde(['--help'], '', { fault: 'status-signal.mjs' });
    expect(exitCode).toBe(0);
    expect(['', 'imesde: no line read so far\n']).toContain(stderr);
  });
});

describe('a query that is interrupted', () => {
  it('says from how many lines its answer is', async () => {
    const running = startImesde(['query', 'x', '-k', '1', ...tiny]);
    running.child.stdin.write('one\ntwo\nthree\n');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    running.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.result;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^(one|two|three)\n$/);
    expect(stderr).toBe('imesde: answers from the first 3 lines: interrupted\n');
  });

  it('says nothing of the kind where it read to the end', async () => {
    const { stderr } = await runImesde(['query', 'x', ...tiny], 'one\ntwo\n');
    expect(stderr).toBe('');
  });
});

describe('a long query on a terminal', () => {
  const file = path.join(temporaryFolder(), 'lines');
  writeFileSync(file, newShapes(12_000));
  const imesde = '"$NODE" "$IMESDE" query x -k 1 --rank cosine';

  it.each([
    ['of a FILE', `${imesde} ${file}`],
    ['of standard input from a file', `${imesde} < ${file}`],
    ['where only stderr is the terminal', `${imesde} < ${file} >/dev/null`],
  ])('tells per cent and time left: %s', async (_, command) => {
    const running = startInTerminal(command);
    await running.until(({ stdout }) =>
      /imesde: \d\d? %, [\d,]+ lines read, \d+ s left/.test(stdout),
    );
    running.child.stdin.write('\x03');
    running.child.stdin.end();
    await running.result;
  });

  it('of a pipe tells lines and rate, and leaves no trace', async () => {
    const running = startInTerminal(`(head -c 99 ${file}; sleep 2.5) | ${imesde}`);
    await running.until(({ stdout }) => /imesde: \d+ lines read, [\d,]+ lines\/s/.test(stdout));
    running.child.stdin.end();
    const { stdout } = await running.result;
    expect(stdout.split('\r\u001b[K').at(-1)).toMatch(/^[^]*0\.\d+\S* {2}\w+[^\n]*\n$/);
  });
});

describe('how far the input is read', () => {
  it('goes by the sizes of all files, one after the other', () => {
    const folder = temporaryFolder();
    const [one, two] = ['one', 'two'].map((name) => path.join(folder, name)) as [string, string];
    writeFileSync(one, 'x'.repeat(100));
    writeFileSync(two, 'x'.repeat(300));
    const progress = new InputProgress([one, path.join(folder, 'missing'), two]);
    expect(progress.read()).toEqual({ bytes: 0, total: 400 });
    const first = openSync(one, 'r');
    readSync(first, Buffer.alloc(60));
    expect(progress.read()).toEqual({ bytes: 60, total: 400 });
    closeSync(first);
    const second = openSync(two, 'r');
    readSync(second, Buffer.alloc(150));
    expect(progress.read()).toEqual({ bytes: 250, total: 400 });
    closeSync(second);
    progress.end();
    expect(progress.read()).toEqual({ bytes: 400, total: 400 });
  });

  it('is not known where one of them has no size', () => {
    const fifo = path.join(temporaryFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(new InputProgress([fifo]).read()).toBeUndefined();
  });
});

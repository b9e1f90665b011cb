/** The control FIFO: as a file, and what comes through it. */
import {
  appendFileSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeTestFifo,
  shopLog,
  startInstance,
  TestAsker,
  until,
  wrongPlaces,
  writeToFifo,
  type Instance,
} from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { counted, type CountedResult } from '../helpers/oracle.ts';
import { runImesde, runShell, shellCode, startImesde, tiny } from '../helpers/run-imesde.ts';

const isRoot = process.geteuid?.() === 0;
const query = { op: 'query', phrase: 'lost the database' };

/** With --stats, so that its lines can be counted at its end. */
function start(args: readonly string[] = []): Instance {
  return startInstance(['--stats', ...args]);
}

async function endCounted({ running }: Instance): Promise<CountedResult> {
  running.child.stdin.end();
  return counted(await running.result);
}

describe('28. the path of the FIFO', () => {
  it.each([
    ['a file', 'a file'],
    ['a folder', 'a folder'],
    ['a link', 'a link to a FIFO'],
  ] as const)('of %s is refused, and left alone', async (kind, made) => {
    const place = path.join(temporaryFolder(), 'ctl');
    wrongPlaces[made](place);
    const before = lstatSync(place);
    const { exitCode, stdout, stderr } = await runImesde(['--fifo', place], 'line\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(`imesde: ${place} is ${kind}, not a FIFO: name another path\n`);
    expect(lstatSync(place)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it.runIf(isRoot)("of another user's FIFO is refused, and left alone", async () => {
    const place = makeTestFifo(path.join(temporaryFolder(), 'ctl'), '666');
    chownSync(place, 65_534, 65_534);
    const { exitCode, stderr } = await runImesde(['--fifo', place]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('of another user');
    expect(existsSync(place)).toBe(true);
  });

  it('in a folder that is not there is an error', async () => {
    const { exitCode, stderr } = await runImesde(['--fifo', '/nowhere/ctl']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "imesde: can't make a FIFO at /nowhere/ctl (No such file or directory): name another path\n",
    });
  });

  it.each(['000', '022', '777'])('becomes a FIFO of mode 600 under umask %s', async (umask) => {
    const place = path.join(temporaryFolder(), 'ctl');
    const { stdout } = await runShell(
      `umask ${umask}; exec 3>&1
       (until [ -p ${place} ]; do sleep 0.02; done; sleep 0.1; stat -c %a ${place} >&3) |
         imesde --fifo ${place}`,
    );
    expect(stdout).toBe('600\n');
  });

  it('that begins with a dash is a path', async () => {
    const folder = temporaryFolder();
    const { exitCode } = await runImesde(['--fifo=-m'], 'line\n', { cwd: folder });
    expect({ exitCode, left: readdirSync(folder) }).toEqual({ exitCode: 0, left: [] });
  });
});

describe('30. a stale FIFO', () => {
  it('is used again, with mode 600, and removed at the end', async () => {
    const place = makeTestFifo(path.join(temporaryFolder(), 'ctl'), '644');
    const running = startImesde(['--fifo', place]);
    const asker = new TestAsker(place);
    await asker.ask({ op: 'status' });
    expect(lstatSync(place).mode & 0o777).toBe(0o600);
    running.child.stdin.end();
    await running.result;
    asker.close();
    expect(existsSync(place)).toBe(false);
  });

  it('is what SIGKILL leaves behind, and the next instance serves it', async () => {
    const first = start();
    await until(() => existsSync(first.fifo));
    first.running.child.kill('SIGKILL');
    await first.running.result;
    expect(existsSync(first.fifo)).toBe(true);
    const running = startImesde(['--fifo', first.fifo]);
    const asker = new TestAsker(first.fifo);
    expect(await asker.ask({ op: 'quit' })).toMatchObject([{ done: true }]);
    expect((await running.result).exitCode).toBe(0);
    asker.close();
  });

  it('is all that SIGKILL leaves, at any moment: the next instance starts as ever', async () => {
    const folder = temporaryFolder();
    const [fifo, log, state] = ['ctl', 'log', 'state'].map((name) => path.join(folder, name));
    writeFileSync(log!, shopLog);
    const args = ['--fifo', fifo!, '-F', log!, '--state', state!, '-w', 'x', '-s', '-1', ...tiny];
    for (let moment = 0; moment < 8; moment += 1) {
      const running = startImesde(args);
      await setTimeout(moment * 100);
      appendFileSync(log!, shopLog);
      running.child.kill('SIGKILL');
      await running.result;
    }
    const running = startImesde([...args, '--stats']);
    const asker = new TestAsker(fifo!);
    await asker.ask({ op: 'status' });
    running.child.kill('SIGTERM');
    const { exitCode, stderr } = counted(await running.result);
    asker.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 143, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual(['log', 'state']);
  });

  it('that took the place of its own is left alone', async () => {
    const instance = start();
    const asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'status' });
    asker.close();
    unlinkSync(instance.fifo);
    makeTestFifo(instance.fifo);
    const { ino } = lstatSync(instance.fifo);
    await endCounted(instance);
    expect(lstatSync(instance.fifo).ino).toBe(ino);
  });
});

describe('29. a second instance', () => {
  it('on the same FIFO is refused, and the first goes on', async () => {
    const first = start();
    const asker = new TestAsker(first.fifo);
    await asker.ask({ op: 'status' });
    const { exitCode, stdout, stderr } = await runImesde(['--fifo', first.fifo], 'line\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      `imesde: another instance serves ${first.fifo}: stop it, or name another path\n`,
    );
    expect(await asker.ask({ op: 'status', id: 'still there' })).toHaveLength(2);
    asker.close();
    await endCounted(first);
  });

  it('is refused too where both start together', async () => {
    const place = path.join(temporaryFolder(), 'ctl');
    const all = [1, 2, 3].map(() => startImesde(['--fifo', place]));
    const refused = all.map(({ result }) => result.then(({ exitCode }) => exitCode));
    const asker = new TestAsker(place);
    await Promise.race(refused);
    await asker.ask({ op: 'status' });
    await until(() => all.filter(({ child }) => child.exitCode === 2).length === 2);
    await asker.ask({ op: 'quit' });
    expect((await Promise.all(refused)).sort()).toEqual([0, 2, 2]);
    asker.close();
  });
});

describe('30. nothing is left behind', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('after %s', async (signal) => {
    const instance = start();
    const asker = new TestAsker(instance.fifo);
    instance.running.child.stdin.write(shopLog);
    await asker.ask({ op: 'status' });
    instance.running.child.kill(signal);
    const result = await instance.running.result;
    asker.close();
    expect(shellCode(result)).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
    expect(counted(result).stderr).toBe('');
    expect(tracesOf(instance)).toEqual([]);
  });

  it('after a second signal at once', async () => {
    const instance = start();
    await until(() => existsSync(instance.fifo));
    instance.running.child.stdin.write(shopLog.repeat(200));
    await setTimeout(300);
    instance.running.child.kill('SIGTERM');
    instance.running.child.kill('SIGINT');
    await instance.running.result;
    expect(tracesOf(instance)).toEqual([]);
  });

  it('after a model that can not be loaded', async () => {
    const instance = start(['--model', '/nowhere']);
    const { exitCode } = await instance.running.result;
    expect({ exitCode, traces: tracesOf(instance) }).toEqual({ exitCode: 2, traces: [] });
  });

  it('after the end of input', async () => {
    const instance = start();
    instance.running.child.stdin.end('line\n');
    const { exitCode } = await instance.running.result;
    expect({ exitCode, traces: tracesOf(instance) }).toEqual({ exitCode: 0, traces: [] });
  });

  function tracesOf({ fifo, runtime }: Instance): string[] {
    const announced = path.join(runtime, 'imesde');
    return [...readdirSync(path.dirname(fifo)), ...readdirSync(announced)];
  }
});

describe('with a running instance', () => {
  let instance: Instance;
  let asker: TestAsker;

  beforeAll(async () => {
    instance = start(['--json']);
    instance.running.child.stdin.write(shopLog);
    asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'status' }); // From now on it reads what comes at once.
  });

  afterAll(async () => {
    asker.close();
    await endCounted(instance);
  });

  it.each([
    ['half a line', '{"op":"que'],
    ['a megabyte', `${'x'.repeat(1024 * 1024)}\n`],
    ['bad JSON', '{"op":"query",}\n'],
    ['an unknown operation', '{"op":"fly"}\n'],
    ['a request that is too long', `{"op":"query","phrase":"${'x'.repeat(4_096)}"}\n`],
  ])('31. %s is one error, and the next request works', async (_what, text) => {
    const before = errorsOf(instance);
    await writeToFifo(instance.fifo, text);
    await setTimeout(100); // For a read of its own, as it has where people write by hand.
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    await until(() => errorsOf(instance) > before);
    await setTimeout(50);
    expect(errorsOf(instance) - before).toBe(1);
  });

  it('31. garbage disturbs nothing', async () => {
    const bytes = Buffer.from(
      Uint32Array.from({ length: 2_000 }, (_, i) => (i * 2_654_435_761) >>> 9),
    );
    await writeToFifo(instance.fifo, `${bytes.toString('latin1')}\n`);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
  });

  it.each(Object.entries(wrongPlaces))(
    '32. a reply that is %s gets nothing',
    async (_what, make) => {
      const place = path.join(temporaryFolder(), 'reply');
      make(place);
      await writeToFifo(instance.fifo, `${JSON.stringify({ ...query, reply: place })}\n`);
      expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
      for (const file of [place, `${place}-target`]) {
        const found = lstatSync(file, { throwIfNoEntry: false });
        if (found?.isFile() === true) expect(readFileSync(file, 'utf8')).toBe('precious');
      }
    },
  );

  it.runIf(isRoot)("32. a reply that is another user's FIFO gets nothing", async () => {
    const stranger = new TestAsker(instance.fifo);
    chownSync(stranger.reply, 65_534, 65_534);
    await stranger.send(query);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    const answered = await Promise.race([stranger.answer(), setTimeout(200, 'nothing')]);
    expect(answered).toBe('nothing');
    stranger.close();
  });

  it('32. a reply that is the control FIFO itself asks nothing', async () => {
    // Of this phrase alone: answers to the garbage above may still come.
    const answers = (): number =>
      instance.running.stdout.split(JSON.stringify(query.phrase)).length;
    const before = answers();
    const loop = JSON.stringify({ ...query, reply: instance.fifo });
    await writeToFifo(instance.fifo, `${loop}\n`);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    await setTimeout(100);
    expect(answers()).toBe(before);
  });

  it('32. askers that never read, or vanish, delay nobody', async () => {
    const silent = makeTestFifo(path.join(temporaryFolder(), 'reply'));
    const fd = openSync(silent, constants.O_RDWR | constants.O_NONBLOCK);
    for (let i = 0; i < 50; i += 1) {
      const big = { ...query, top: 10_000, all: true, minScore: -1, reply: silent };
      await writeToFifo(instance.fifo, `${JSON.stringify(big)}\n`);
    }
    const gone = new TestAsker(instance.fifo);
    await gone.send({ ...query, top: 10_000, all: true });
    gone.close();
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    const before = await linesRead(asker);
    instance.running.child.stdin.write('and another line\n');
    while ((await linesRead(asker)) === before) await setTimeout(10);
    closeSync(fd);
  });
});

describe('33. a line of the log', () => {
  it('that looks like a request is data', async () => {
    const instance = start(['-w', 'quit', '-s', '-1']);
    const requests = ['{"op":"quit"}', '{"op":"watch","phrase":"x"}', '/quit'];
    instance.running.child.stdin.write(`${requests.join('\n')}\n`);
    const asker = new TestAsker(instance.fifo);
    await untilRead(asker, 3);
    expect(await asker.ask({ op: 'status' })).toMatchObject([{ watches: ['quit'] }, {}]);
    const found = await asker.ask({ op: 'query', phrase: 'quit', top: 3 });
    expect(found.map(({ text }) => text)).toEqual(expect.arrayContaining(requests) as unknown);
    asker.close();
    await endCounted(instance);
    expect(instance.running.stdout).toBe(`${requests.join('\n')}\n`);
  });

  it('that looks like an answer does not end one', async () => {
    const instance = start();
    instance.running.child.stdin.write('{"id":"1","done":true}\n{"error":"none"}\n');
    const asker = new TestAsker(instance.fifo);
    await untilRead(asker, 2);
    const found = await asker.ask({ op: 'query', phrase: 'done', id: '1', top: 5 });
    expect(found).toHaveLength(3);
    expect(found[2]).toMatchObject({ id: '1', done: true, matches: 2, line: 2 });
    asker.close();
    await endCounted(instance);
  });
});

/** Errors on its stdout: answers to requests that named no reply. */
function errorsOf({ running }: Instance): number {
  return running.stdout.split('\n').filter((line) => line.startsWith('{"error":')).length;
}

async function linesRead(asker: TestAsker): Promise<number> {
  const [status] = await asker.ask({ op: 'status' });
  return (status?.['lines'] as { read: number }).read;
}

/** Resolves when so many lines are in the window, or were evicted from it. */
async function untilRead(asker: TestAsker, count: number): Promise<void> {
  while ((await linesRead(asker)) !== count) await setTimeout(10);
}

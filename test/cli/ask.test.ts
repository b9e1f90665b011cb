/** `imesde ask`: finds the instance, prints its answer as `query` would, leaves nothing behind. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endInstance, shopLog, startInstance, until, type Instance } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  repository,
  runImesde,
  runInTerminal,
  runShell,
  startImesde,
  type RunResult,
} from '../helpers/run-imesde.ts';

const phrase = 'no space left on the disk';

describe('with one instance', () => {
  let instance: Instance;

  beforeAll(async () => {
    instance = startInstance();
    instance.running.child.stdin.write(shopLog);
    // A busy machine may take long to load the model.
    const { exitCode } = await ask([phrase, '--timeout', '60s']);
    expect(exitCode).toBe(0);
  });

  afterAll(async () => {
    await endInstance(instance);
  });

  function ask(args: readonly string[], env: Record<string, string> = {}): Promise<RunResult> {
    return runImesde(['ask', ...args], '', {
      env: { XDG_RUNTIME_DIR: instance.runtime, ...env },
    });
  }

  it.each([
    ['text', [phrase, '-k', '3']],
    ['scores', [phrase, '-k', '3', '--scores']],
    ['several phrases', ['-e', phrase, '-e', 'payment refused', '-k', '2']],
    ['each line', [phrase, '-k', '7', '--all']],
    ['colours', [phrase, '--scores', '--color', 'always', '-k', '1']],
    ['as many as wanted', ['-e', phrase, '-e', 'payment refused', '-k', '2', '-m', '3']],
  ])('prints %s as query does', async (_what, args) => {
    const [asked, queried] = await Promise.all([
      ask([...args, '--fifo', instance.fifo]),
      runImesde(['query', ...args], shopLog),
    ]);
    expect(asked).toEqual(queried);
    expect(asked.stdout).not.toBe('');
  });

  it('prints JSON as query does', async () => {
    const args = [phrase, '-k', '2', '--json'];
    const [asked, queried] = await Promise.all([ask(args), runImesde(['query', ...args], shopLog)]);
    const untimed = (text: string): string => text.replaceAll(/"(time|first)":"[^"]+"/g, '"$1":""');
    expect(untimed(asked.stdout)).toBe(untimed(queried.stdout));
    expect(asked.stdout).toMatch(/"time":"\d{4}-\d\d-\d\dT/);
  });

  it('finds the instance by itself, by IMESDE_FIFO and by a relative path', async () => {
    const args = [phrase, '-k', '1'];
    const { stdout } = await ask(args);
    expect(stdout).toContain('no space left on device');
    const elsewhere = { XDG_RUNTIME_DIR: temporaryFolder() };
    const named = await ask(args, { ...elsewhere, IMESDE_FIFO: instance.fifo });
    const relative = await runImesde(['ask', ...args, '--fifo', 'ctl'], '', {
      cwd: path.dirname(instance.fifo),
    });
    expect([named.stdout, relative.stdout]).toEqual([stdout, stdout]);
  });

  it('keeps its reply FIFO where TMPDIR says, from wherever that is seen', async () => {
    const args = [phrase, '-k', '1', '--fifo', instance.fifo];
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'tmp'));
    const env = { XDG_RUNTIME_DIR: '', TMPDIR: 'tmp' };
    const { stdout } = await runImesde(['ask', ...args], '', { cwd, env });
    expect(stdout).toContain('no space left on device');
    expect(await ask(args, { XDG_RUNTIME_DIR: '', TMPDIR: '/dev/null' })).toMatchObject({
      exitCode: 2,
      stderr: "imesde: can't make a folder in /dev/null (ENOTDIR): set TMPDIR to another\n",
    });
  });

  it('gives each of three askers at once the answer to its own phrase', async () => {
    const phrases = [phrase, 'payment refused', 'lost the database'];
    const alone: string[] = [];
    for (const each of phrases) alone.push((await ask([each, '--scores'])).stdout);
    const { stdout } = await runShell(
      `for i in 1 2 3; do
         for phrase in '${phrases.join("' '")}'; do
           imesde ask "$phrase" --scores --fifo ${instance.fifo} > "${instance.runtime}/$phrase" &
         done; wait; cat ${phrases.map((each) => `"${instance.runtime}/${each}"`).join(' ')}
       done`,
    );
    expect(stdout).toBe(alone.join('').repeat(3));
  });

  it('exits 1 without a match, 0 with one and -q', async () => {
    const none = await ask([phrase, '-s', '1']);
    const quiet = await ask([phrase, '-q']);
    const noneQuietly = await ask([phrase, '-q', '-s', '1']);
    expect([none, quiet, noneQuietly]).toMatchObject([
      { exitCode: 1, stdout: '', stderr: '' },
      { exitCode: 0, stdout: '', stderr: '' },
      { exitCode: 1, stdout: '', stderr: '' },
    ]);
  });

  it('exits 2 where the phrase is too long for a request', async () => {
    const { exitCode, stderr } = await ask(['x'.repeat(5_000)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('use a shorter phrase');
  });

  it('leaves nothing of its own behind, whichever way it ends', async () => {
    const before = readdirSync(instance.runtime);
    await ask([phrase]);
    await ask([phrase, '--fifo', '/nowhere', '--timeout', '50ms']);
    const options = { env: { XDG_RUNTIME_DIR: instance.runtime } };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const waiting = startImesde(['ask', phrase, '--fifo', '/nowhere'], options);
      await until(() => isAsking(instance.runtime));
      waiting.child.kill(signal);
      expect((await waiting.result).signal).toBe(signal);
    }
    expect(readdirSync(instance.runtime)).toEqual(before);
  });

  it('ends quietly where its reader leaves, and says so where the disk is full', async () => {
    const { stdout, stderr } = await runShell(
      `imesde ask "${phrase}" -k 100 --all --fifo ${instance.fifo} | head -1; echo \${PIPESTATUS[0]}
       imesde ask "${phrase}" --fifo ${instance.fifo} > /dev/full; echo $?`,
    );
    expect(stdout).toMatch(/^.*no space left.*\n0\n2\n$/);
    expect(stderr).toMatch(/^imesde: write error .*\n$/);
  });

  it('tells a terminal how near the nearest came where nothing answers, and nobody else', async () => {
    const none = ['penguins in the snow', '--fifo', instance.fifo];
    expect(await ask(none)).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" ask "penguins in the snow" --fifo "${instance.fifo}" </dev/null`,
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^imesde: nothing scored [\d.]+ or more: the nearest scored 0\.\d{3}, -k 5 shows it\n$/,
    );
  });

  it('takes phrases from a file, and calls them what it is told', async () => {
    const file = path.join(temporaryFolder(), 'phrases');
    writeFileSync(file, `${phrase}\n\npayment refused\n`);
    const args = ['-f', file, '--label', 'disk', '--label', 'money', '-k', '1'];
    const { exitCode, stdout } = await ask(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^disk: .*no space left on device\nmoney: .*\n$/);
    const json = await ask([...args, '--json', '--sort', 'time']);
    expect(json.stdout).toMatch(/^\{"query":"[^"]+","label":"disk","rank":1,/);
  });

  it('heads the answers to several phrases on a terminal', async () => {
    const { stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" ask "disk full" "payment refused" -S -k 1 --fifo ${instance.fifo} </dev/null 2>/dev/null`,
    );
    expect(stdout).toMatch(/^disk full:\n.*\npayment refused:\n.*\n$/);
  });
});

describe('without exactly one instance', () => {
  it('waits no longer than its timeout, and exits 2', async () => {
    const env = { XDG_RUNTIME_DIR: temporaryFolder() };
    const byPath = ['ask', phrase, '--fifo', '/nowhere/ctl', '--timeout', '100ms'];
    const byName = ['ask', phrase, '--timeout', '100ms'];
    expect(await runImesde(byPath, '', { env })).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr:
        'imesde: no instance at /nowhere/ctl within 0.1 s: start one with imesde --fifo /nowhere/ctl\n',
    });
    expect(await runImesde(byName, '', { env })).toMatchObject({
      exitCode: 2,
      stderr: 'imesde: no instance runs, or none within 0.1 s: start one with imesde --fifo PATH\n',
    });
  });

  it('lists those that run where there are several, not those that were killed', async () => {
    const runtime = temporaryFolder();
    const options = { env: { XDG_RUNTIME_DIR: runtime } };
    const [one, two, killed] = [1, 2, 3].map(() => startInstance([], options)) as [
      Instance,
      Instance,
      Instance,
    ];
    const announced = path.join(runtime, 'imesde');
    await until(() => statSync(announced, { throwIfNoEntry: false }) !== undefined);
    await until(() => readdirSync(announced).length === 3);
    expect(statSync(announced).mode & 0o777).toBe(0o700);
    killed.running.child.kill('SIGKILL');
    await killed.running.result;
    const { exitCode, stderr } = await runImesde(['status'], '', options);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: 2 instances run, choose one with --fifo: .+\n$/);
    for (const { fifo, running } of [one, two]) {
      expect(stderr).toContain(`${fifo} (process ${running.child.pid ?? 0})`);
    }
    await Promise.all([endInstance(one), endInstance(two)]);
    expect(readdirSync(announced)).toEqual([]);
  });

  it('trusts no folder that others can write to', async () => {
    const runtime = temporaryFolder();
    const announced = path.join(runtime, 'imesde');
    mkdirSync(announced);
    chmodSync(announced, 0o777);
    const instance = startInstance([], { env: { XDG_RUNTIME_DIR: runtime } });
    const byPath = await runImesde(['status', '--fifo', instance.fifo]);
    expect({ code: byPath.exitCode, left: readdirSync(announced) }).toEqual({ code: 0, left: [] });
    const lie = JSON.stringify({ pid: 1, fifo: instance.fifo });
    writeFileSync(path.join(announced, '1.json'), lie);
    const byName = await runImesde(['status', '--timeout', '100ms'], '', {
      env: { XDG_RUNTIME_DIR: runtime },
    });
    expect(byName.exitCode).toBe(2);
    await endInstance(instance);
  });

  it('is told when the instance ends before it answers', async () => {
    const instance = startInstance();
    const options = { env: { XDG_RUNTIME_DIR: instance.runtime } };
    const byPath = [phrase, '--fifo', instance.fifo, '--timeout', '60s'];
    expect((await runImesde(['ask', ...byPath], '', options)).exitCode).toBe(1);
    instance.running.child.kill('SIGSTOP');
    const asking = startImesde(['ask', ...byPath], options);
    await until(() => isAsking(instance.runtime));
    await setTimeout(2_000); // For the request to be in the pipe.
    instance.running.child.kill('SIGKILL');
    const { exitCode, stderr } = await asking.result;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `imesde: the instance at ${instance.fifo} ended before it answered: start it again\n`,
    });
  });
});

it('waits for an instance that starts after it', async () => {
  const folder = temporaryFolder();
  const { stdout } = await runShell(
    `imesde ask "${phrase}" -k 1 --timeout 60s --fifo ${folder}/ctl &
     sleep 0.3; (cat test/fixtures/logs/shop.log; sleep 30) | imesde --fifo ${folder}/ctl &
     wait %1; kill %2; exit`,
    { cwd: repository },
  );
  expect(stdout).toContain('no space left on device');
});

it('loads neither the engine nor a model runtime', () => {
  const loaded = importedFrom('cli/main.ts', 'cli/ask/run.ts', 'cli/status/run.ts');
  const engine = /^(engine|embed|scan|rank|ring|window|input)\b/;
  expect(loaded.filter((file) => engine.test(file))).toEqual([]);
  expect(loaded).toContain('control/fifo/asker.ts');
});

/** Files under src that these import, and what those import; not those imported when needed. */
function importedFrom(...entries: string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const source = readFileSync(path.join(repository, 'src', file), 'utf8');
    for (const [, clause = '', to = ''] of source.matchAll(/^(import [^;]*?)'(\.[^']+)'/gm)) {
      if (!clause.startsWith('import type')) visit(path.join(path.dirname(file), to));
    }
  };
  entries.forEach(visit);
  return [...found];
}

/** Whether an asker has made its reply FIFO there. */
function isAsking(folder: string): boolean {
  return readdirSync(folder).some(
    (name) =>
      name.startsWith('imesde-ask-') && readdirSync(path.join(folder, name)).includes('reply'),
  );
}

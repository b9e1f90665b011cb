/**
 * Makes one file that installs imesde on systems like this one, whatever the package manager, with
 * no network: its dependencies are inside, without install scripts and without what they bring for
 * other systems. `npm run package [-- FOLDER]`; the file is called imesde-VERSION-OS-CPU.tgz.
 *
 * They lie in dist/node_modules, where Node finds them, and package.json names none: yarn looks for
 * what is named elsewhere, even if it is bundled.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const target = path.resolve(process.argv[2] ?? '.');
const modules = 'dist/node_modules';
const runtime = 'onnxruntime-node';
const system = path.join('bin/napi-v6', process.platform, process.arch);
const runtimeNotices =
  'https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt lists what its library is made of.';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
const npm = (args, cwd) =>
  execFileSync('npm', [...args, '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
/** npm tells of one package in a list, or by its name. */
const packed = (json) => Object.values(JSON.parse(json))[0];

/** Packages that one needs to run, itself among them: what its install script needs is no part. */
function closureOf(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies = {} } = slimmed(name);
  for (const dependency of Object.keys(dependencies)) closureOf(dependency, found);
  return found;
}

/** The package.json that a dependency has in here. */
function slimmed(name) {
  const manifest = readJson(path.join(repository, 'node_modules', name, 'package.json'));
  delete manifest.scripts;
  delete manifest.devDependencies;
  if (name === runtime) {
    const common = 'onnxruntime-common';
    manifest.dependencies = { [common]: manifest.dependencies[common] };
  }
  return manifest;
}

function copyDependency(name, stage) {
  const from = path.join(repository, 'node_modules', name);
  const to = path.join(stage, modules, name);
  const isWanted = (file) => {
    const inside = path.relative(from, file);
    if (inside.startsWith('node_modules') || /\.(map|d\.[cm]?ts)$/.test(inside)) return false;
    if (name !== runtime) return true;
    if (/^(lib|script)(\/|$)/.test(inside)) return false;
    return !inside.startsWith('bin/') || inside.startsWith(system) || system.startsWith(inside);
  };
  cpSync(from, to, { recursive: true, dereference: true, filter: isWanted });
  writeJson(path.join(to, 'package.json'), slimmed(name));
}

/** What is bundled, and under which licence. Some packages name theirs without its text. */
function noticeOf(names) {
  const parts = names.map((name) => {
    const { version, license, author } = slimmed(name);
    const folder = path.join(repository, 'node_modules', name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined
        ? `Copyright (c) Microsoft Corporation\n\n${mitTerms()}\n${runtimeNotices}`
        : readFileSync(path.join(folder, file), 'utf8').trim();
    if (file === undefined && (license !== 'MIT' || !name.startsWith('onnxruntime-'))) {
      throw new Error(`${name} (${license}, ${author}) has no licence text: add it here`);
    }
    return `${name} ${version}: ${license}\n\n${text}`;
  });
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `Inside this package, in ${modules}:\n\n${parts.join(rule)}\n`;
}

/** The terms of our own licence, which are those of every MIT licence. */
function mitTerms() {
  const own = readFileSync(path.join(repository, 'LICENSE'), 'utf8');
  return own.slice(own.indexOf('Permission is hereby granted')).trim();
}

function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const file = path.join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(file) : statSync(file).size);
  }, 0);
}

const stage = mkdtempSync(path.join(tmpdir(), 'imesde-package-'));
try {
  if (!existsSync(path.join(repository, 'node_modules', runtime, system))) {
    throw new Error(`${runtime} has no library for ${process.platform} on ${process.arch}`);
  }
  const { files } = packed(npm(['pack', '--dry-run'], repository));
  for (const { path: file } of files) {
    mkdirSync(path.dirname(path.join(stage, file)), { recursive: true });
    cpSync(path.join(repository, file), path.join(stage, file));
  }
  await bundle(path.join(repository, 'dist'), path.join(stage, 'dist'));
  const manifest = readJson(path.join(repository, 'package.json'));
  const names = Object.keys(manifest.dependencies);
  for (const key of ['scripts', 'dependencies', 'devDependencies', 'allowScripts', 'prettier']) {
    delete manifest[key];
  }
  const all = [...new Set(names.flatMap((name) => [...closureOf(name)]))].sort();
  for (const name of all) copyDependency(name, stage);
  writeFileSync(path.join(stage, 'NOTICE'), noticeOf(all));
  manifest.files.push('NOTICE');
  manifest.os = [process.platform];
  manifest.cpu = [process.arch];
  if (process.platform === 'linux') manifest.libc = ['glibc'];
  writeJson(path.join(stage, 'package.json'), manifest);
  const size = sizeOf(stage);
  const { filename } = packed(npm(['pack', '--pack-destination', stage], stage));
  const { platform, arch } = process;
  const file = path.join(target, `${manifest.name}-${manifest.version}-${platform}-${arch}.tgz`);
  mkdirSync(target, { recursive: true });
  cpSync(path.join(stage, filename), `${file}.part`);
  renameSync(`${file}.part`, file); // Whole, or not there.
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(`${file}: ${megabytes(statSync(file).size)}, unpacked ${megabytes(size)}`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

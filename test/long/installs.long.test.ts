/** The package with other package managers, each fetched first, then without a network. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { install, makePackage, npm, type Manager } from '../helpers/installed.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runShell } from '../helpers/run-imesde.ts';

const secondsMax = 15;
const bytesMax = 110e6;

const pnpm: Manager = (at, file) => [
  [
    'pnpm',
    'add',
    '--global',
    '--global-dir',
    path.join(at, 'global'),
    '--global-bin-dir',
    path.join(at, 'bin'),
    file,
  ],
  path.join(at, 'bin'),
  path.join(at, 'global/5/node_modules/imesde'),
];
const yarn: Manager = (at, file) => [
  [
    'yarn',
    'global',
    'add',
    '--global-folder',
    path.join(at, 'global'),
    '--prefix',
    at,
    `file:${file}`,
  ],
  path.join(at, 'bin'),
  path.join(at, 'global/node_modules/imesde'),
];

describe('the package installs and runs, without a network', { timeout: 300_000 }, async () => {
  const file = await makePackage();
  it.each([
    ['npm@10', npm],
    ['npm@11', npm],
    ['pnpm@10', pnpm],
    ['yarn@1', yarn],
  ])('with %s', async (name, manager) => {
    const tools = temporaryFolder();
    execFileSync('npm', ['install', '--prefix', tools, '--ignore-scripts', name]);
    const installed = await install(manager, file, path.join(tools, 'node_modules/.bin'));
    console.log(`${name}: ${installed.seconds.toFixed(1)} s, ${installed.bytes} bytes`);
    expect(installed.seconds).toBeLessThan(secondsMax);
    expect(installed.bytes).toBeLessThan(bytesMax);
    const script = `printf 'a\\nno space left on device\\nb\\n' | ${installed.bin}/imesde query "disk is full"`;
    expect(await runShell(script, { cwd: temporaryFolder() })).toMatchObject({
      exitCode: 0,
      stdout: 'no space left on device\n',
      stderr: '',
    });
  });
});

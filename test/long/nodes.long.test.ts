/** All of test/cli and test/faults on other versions of Node, each taken from npm: some minutes for each. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { imesdePath, repository } from '../helpers/run-imesde.ts';

const minutesMax = 40;

/** What the package `node` brings as well, without its install script. */
function fetchNode(version: string): string {
  const folder = temporaryFolder();
  const name = `node-${process.platform}-${process.arch}`;
  execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', `${name}@${version}`]);
  return path.join(folder, 'node_modules', name, 'bin/node');
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

describe('Node', { timeout: minutesMax * 60_000 }, () => {
  it.each(['20.12.0', '22', '24', '26'])('%s passes the tests of the binary', (version) => {
    const outputFile = path.join(temporaryFolder(), 'report.json');
    const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs');
    const args = [
      'run',
      '--maxWorkers=1',
      '--testTimeout=60000',
      '--reporter=json',
      `--outputFile=${outputFile}`,
    ];
    const what = ['--exclude', '**/*.long.test.ts', 'test/cli', 'test/faults'];
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
    const { stderr } = spawnSync(process.execPath, [vitest, ...args, ...what], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...Object.fromEntries(own), IMESDE_TEST_NODE: fetchNode(version) },
      maxBuffer: 2 ** 28,
    });
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
    console.log(`${version}: ${report.numPassedTests} passed, ${report.numFailedTests} failed`);
    const failed = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    );
    expect(failed, stderr).toEqual([]);
    expect(report.numPassedTests).toBeGreaterThan(500);
  });

  it.each(['14', '16', '18', '20.11.1'])('%s is told that it is too old', (version) => {
    const { status, stdout, stderr } = spawnSync(fetchNode(version), [imesdePath, 'query', 'x'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^imesde: Node [\d.]+ is too old: run it with Node 20\.12 or later\n$/);
  });
});

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './helpers/model-folder.ts';
import { logsFolder, repository, runShell } from './helpers/run-imesde.ts';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly engines: { readonly node: string };
}
const manifest = JSON.parse(
  readFileSync(path.join(repository, 'package.json'), 'utf8'),
) as Manifest;

describe('package.json', () => {
  it('names exact versions alone', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.length).toBeGreaterThan(8);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('agrees with package-lock.json', () => {
    const lock = JSON.parse(readFileSync(path.join(repository, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Partial<Manifest> & { version: string }>;
    };
    expect(lock.packages['']).toMatchObject({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    }
  });
});

describe('the package', () => {
  it(
    'installs and runs in another folder, as a command and as a library',
    { timeout: 300_000 },
    async () => {
      const folder = temporaryFolder();
      const npm = (args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
        promisify(execFile)('npm', args, { cwd, maxBuffer: 16 * 2 ** 20 });
      const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
      const { stdout: packed } = await npm(pack, repository);
      const [{ filename, files }] = JSON.parse(packed) as [
        { filename: string; files: { path: string }[] },
      ];
      const names = files.map((file) => file.path);
      for (const name of ['bin/imesde.js', 'dist/cli/main.js', 'dist/embed/worker.js', 'LICENSE']) {
        expect(names).toContain(name);
      }
      const model = [
        'model.onnx',
        'tokenizer.json',
        'word-table.i4',
        'antonyms.txt',
        'manifest.json',
      ];
      for (const name of [...model, 'LICENSE', 'NOTICE']) {
        expect(names).toContain(`model/${name}`);
      }
      expect(names.filter((name) => /^(src|test|bench|model\/build)\//.test(name))).toEqual([]);

      const install = [
        'install',
        '--ignore-scripts',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
      ];
      await npm(['init', '--yes'], folder);
      await npm([...install, `./${filename}`], folder);
      const query = `node_modules/.bin/imesde query "db failure" -k 1 < ${logsFolder}/shop.log`;
      const asCommand = await runShell(query, { cwd: folder });
      expect(asCommand).toMatchObject({ exitCode: 0, stderr: '' });
      expect(asCommand.stdout).toMatch(/database/);

      const source = `
      import { Engine } from 'imesde';
      const engine = await Engine.open({ rows: 100 });
      await engine.ingestBatch(['disk full on sda1', 'user logged in']);
      console.log((await engine.search('no space left', 1))[0].text);
      await engine.close();`;
      const asLibrary = await runShell(`"$NODE" --input-type=module -e "$SOURCE"`, {
        cwd: folder,
        env: { SOURCE: source },
      });
      expect(asLibrary).toMatchObject({ exitCode: 0, stdout: 'disk full on sda1\n', stderr: '' });
    },
  );
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { install, makePackage, npm, type Installed } from './helpers/installed.ts';
import { temporaryFolder } from './helpers/model-folder.ts';
import { repository, runShell } from './helpers/run-imesde.ts';

interface Manifest {
  readonly version: string;
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

describe('the package', { timeout: 300_000 }, () => {
  const lines = Array.from({ length: 10 }, (_, i) =>
    i === 6 ? 'ERROR no space left on device' : `GET /products/${i} 200`,
  );
  let file: string;
  let installed: Installed;

  beforeAll(async () => {
    file = await makePackage();
    installed = await install(npm, file);
  }, 300_000);

  it('is one file, named after the system, with all that it needs and nothing of others', () => {
    const { version } = manifest;
    expect(path.basename(file)).toBe(`imesde-${version}-${process.platform}-${process.arch}.tgz`);
    const list = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' });
    const names = list
      .trim()
      .split('\n')
      .map((name) => name.replace(/^package\//, ''));
    for (const name of [
      'bin/imesde.js',
      'dist/cli/main.js',
      'dist/embed/worker.js',
      'dist/imesde.1',
      'LICENSE',
    ]) {
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
    expect(
      names.filter((name) => /^(src|test|bench|model\/build|bin\/build)\//.test(name)),
    ).toEqual([]);
    const native = names.filter((name) => /\.(so|node|dll|dylib)(\.|$)/.test(name));
    expect(native.length).toBeGreaterThan(1);
    const own = `/${process.platform}/${process.arch}/`;
    expect(native.filter((name) => !name.includes(own))).toEqual([]);
  });

  it('names no dependency to look for elsewhere, and no script to run', () => {
    const manifests = (readdirSync(installed.folder, { recursive: true }) as string[])
      .filter((name) => path.basename(name) === 'package.json')
      .map((name) => JSON.parse(readFileSync(path.join(installed.folder, name), 'utf8')) as object);
    expect(manifests.length).toBeGreaterThan(5);
    for (const found of manifests) expect(found).not.toHaveProperty('scripts');
    const own = JSON.parse(
      readFileSync(path.join(installed.folder, 'package.json'), 'utf8'),
    ) as object;
    expect(own).not.toHaveProperty('dependencies');
  });

  it('says under which licences the rest came', () => {
    const notice = readFileSync(path.join(installed.folder, 'NOTICE'), 'utf8');
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(notice).toContain(`${name} ${version}: `);
    }
    const terms = notice.match(
      /Permission is hereby granted|Permission to use, copy|Apache License/g,
    );
    expect(terms?.length).toBeGreaterThanOrEqual(Object.keys(manifest.dependencies).length);
  });

  it('is installed without a network: 110 MB at most, and no warning', () => {
    expect(installed.bytes).toBeLessThan(110e6);
    expect(installed.said).not.toMatch(/warn|deprecated/i);
    console.log(`installed in ${installed.seconds.toFixed(1)} s: ${installed.bytes} bytes`);
  });

  it('brings its manual page', () => {
    const page = path.resolve(installed.bin, '../share/man/man1/imesde.1');
    expect(readFileSync(page, 'utf8')).toContain(`"imesde ${manifest.version}"`);
  });

  it('runs as a command', async () => {
    const script = `printf '%s\\n' "$LINES_READ" | ${installed.bin}/imesde query "disk is full"`;
    const env = { LINES_READ: lines.join('\n') };
    const result = await runShell(script, { cwd: temporaryFolder(), env });
    expect(result).toMatchObject({ exitCode: 0, stdout: `${lines[6]!}\n`, stderr: '' });
  });

  it('has types that resolve wherever ECMAScript modules do', () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'node_modules/@types'), { recursive: true });
    symlinkSync(installed.folder, path.join(folder, 'node_modules/imesde'));
    const types = path.join(repository, 'node_modules/@types/node');
    symlinkSync(types, path.join(folder, 'node_modules/@types/node'));
    const file = path.join(folder, 'consumer.ts');
    writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
    const consume = (last: string): string => `
      import { pipeline } from 'node:stream/promises';
      import { Engine, ImesdeError, watch, type Match, type Waiting, type Why } from 'imesde';
      export async function find(options: Waiting): Promise<readonly (Why | undefined)[]> {
        await using engine = await Engine.open({ window: 1_000, ...options });
        await pipeline(process.stdin, watch('disk full', options), process.stdout);
        const found: Match[] = await engine.search('disk full', 1, { explain: true });
        return found.map(({ why }) => why);
      }
      export const code = (error: ImesdeError): string => error.code;
      ${last}`;
    const errors = (source: string, kind: 'node16' | 'bundler'): string[] => {
      writeFileSync(file, source);
      const program = ts.createProgram([file], {
        strict: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
        types: ['node'],
        typeRoots: [path.join(folder, 'node_modules/@types')],
        ...(kind === 'node16'
          ? { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }
          : { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }),
      });
      return ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    };
    for (const kind of ['node16', 'bundler'] as const) {
      expect(errors(consume(''), kind)).toEqual([]);
      const wrong = errors(consume(`watch(7); const found: Match = { score: 'x' };`), kind);
      expect(wrong).toHaveLength(2); // So it is not `any` that they resolve to.
    }
  });

  it('runs as a library', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(installed.folder, path.join(folder, 'node_modules/imesde'));
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
  });
});

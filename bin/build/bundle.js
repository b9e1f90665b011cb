/**
 * Puts the build's modules together: a query loads 200 of them, and to find, read and link each takes
 * longer than what they do at the start (bench/start/README.md). What commands import when they are
 * called stays apart; packages stay where they are.
 */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

/** What programs, threads and users of the library load, by the names under which they do. */
const entries = { 'cli/main': 'cli/main.js', 'embed/worker': 'embed/worker.js', index: 'index.js' };
/** Beside the worker, which is started from there. What modules look for lies as far from here. */
const chunkFolder = 'embed';
/** Is looked for beside the module that loads it. */
const kernel = 'scan/kernel.wasm';

/**
 * @param from - the build
 * @param to - the same, to be bundled in place: declarations stay as they are
 */
export async function bundle(from, to) {
  for (const name of readdirSync(to, { recursive: true })) {
    if (name.endsWith('.js')) rmSync(path.join(to, name));
  }
  const build = await rolldown({
    input: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, path.join(from, file)]),
    ),
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    cwd: from,
    platform: 'node',
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(message);
    },
  });
  await build.write({
    dir: to,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: `${chunkFolder}/[name]-[hash].js`,
  });
  await build.close();
  mkdirSync(path.join(to, chunkFolder), { recursive: true });
  cpSync(path.join(from, kernel), path.join(to, chunkFolder, path.basename(kernel)));
}

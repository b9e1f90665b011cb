/** Which file of src imports which, and whether it may. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Lowest first. index.ts, which lies in src itself, is the engine's. */
export const layers = [
  'shared',
  'input',
  'shape',
  'events',
  'glance',
  'ring',
  'embed',
  'window',
  'scan',
  'rank',
  'news',
  'engine',
  'output',
  'control',
  'cli',
];

/** File → its source, for every source file under a folder, paths relative to it. */
export function readSources(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}

/** `file → imported file` for each import that goes up, or out of the folder. */
export function upwardImports(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([file, source]) =>
    importsOf(file, source)
      .filter((imported) => !(heightOf(imported) <= heightOf(file)))
      .map((imported) => `${file} → ${imported}`),
  );
}

/** Files that import themselves by way of others, even if for a type alone. */
export function circularImports(sources: ReadonlyMap<string, string>): string[] {
  const imports = new Map([...sources].map(([file, source]) => [file, importsOf(file, source)]));
  return [...sources.keys()].filter((file) => {
    const reached = new Set<string>();
    const ahead = [...(imports.get(file) ?? [])];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      ahead.push(...(imports.get(next) ?? []));
    }
    return reached.has(file);
  });
}

function importsOf(file: string, source: string): string[] {
  return [...source.matchAll(/(?:from|import\(|import)\s*'(\.[^']*)'/g)].map(([, target = '']) =>
    path.join(path.dirname(file), target),
  );
}

/** NaN where there is no such layer. */
function heightOf(file: string): number {
  const [folder = ''] = file.split(path.sep);
  const height = layers.indexOf(folder.endsWith('.ts') ? 'engine' : folder);
  return height === -1 ? NaN : height;
}

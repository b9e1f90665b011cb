import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { circularImports, layers, readSources, upwardImports } from './helpers/imports.ts';
import { repository } from './helpers/run-imesde.ts';

const sources = readSources(path.join(repository, 'src'));

describe('the folders of src', () => {
  it('import only themselves and lower layers', () => {
    expect(sources.size).toBeGreaterThan(40);
    expect(upwardImports(sources)).toEqual([]);
  });

  it('are all known as layers', () => {
    const folders = [...sources.keys()].filter((file) => file.includes('/'));
    expect(new Set(folders.map((file) => file.split('/')[0]!))).toEqual(new Set(layers));
  });

  it.each([
    ["import { Engine } from '../engine/engine.ts';", 'ring/rows.ts'],
    ["import type { Shape } from '../window/shape-table.ts';", 'shape/masker.ts'],
    ["export { x } from '../cli/main.ts';", 'engine/engine.ts'],
    ["const { x } = await import('../control/fifo-path.ts');", 'output/writer.ts'],
    ["import '../rank/cosine.ts';", 'shared/limits.ts'],
    ["import { x } from '../../bench/x.ts';", 'cli/run.ts'],
  ])('would not hide a planted import: %s', (planted, file) => {
    const source = `${planted}\n${sources.get(file) ?? ''}`;
    expect(upwardImports(new Map([[file, source]]))).toHaveLength(1);
  });

  it('have no files that import each other', () => {
    expect(circularImports(sources)).toEqual([]);
    const planted = new Map(sources);
    planted.set('shared/errors.ts', "import type { LineBatch } from '../input/line-batch.ts';");
    planted.set('input/line-batch.ts', "import { ImesdeError } from '../shared/errors.ts';");
    expect(circularImports(planted)).toEqual(
      expect.arrayContaining(['shared/errors.ts', 'input/line-batch.ts']),
    );
  });
});

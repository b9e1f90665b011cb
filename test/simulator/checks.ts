/** What must hold between any two steps. */
import assert from 'node:assert';
import type { Shape } from '../../src/window/shape-table.ts';
import { isBad, vectorOf } from './fake-worker.ts';
import type { PlainModel } from './plain-model.ts';
import type { ShapeView } from './plain-window.ts';
import type { System } from './system.ts';

export function checkAll(
  system: System,
  model: PlainModel,
  rawVectors: ReadonlyMap<number, Float32Array>,
): void {
  model.skipRejected();
  checkCounts(system, model);
  const views = model.window.shapes();
  for (const view of views) checkShape(system, view, rawVectors);
  const shapes = new Set(system.shapeOfRow.filter((shape): shape is Shape => shape !== undefined));
  assert.equal(shapes.size, views.length, 'shapes by row');
  const { inWindow } = system;
  assert.deepEqual(
    [...inWindow.rows.subarray(0, inWindow.size)].sort((a, b) => a - b),
    views.map(({ shape }) => shape.row).sort((a, b) => a - b),
    'rows to scan',
  );
  const real = [...system.window.linesOf(shapes)].reverse();
  const plain = model.window.lines();
  assert.deepEqual(
    real.map(({ number, text, shape }) => `${number} ${text} ${shape.row}`),
    plain.map(({ number, text, shape }) => `${number} ${text} ${shape.row}`),
    'lines of the window',
  );
}

function checkCounts({ committer, window, rows, inWindow }: System, model: PlainModel): void {
  const { skipped } = committer;
  const real = {
    read: committer.readCount,
    waiting: committer.waitingCount,
    window: window.lineCount,
    evicted: window.evictedCount,
    ...skipped,
    known: committer.knownCount,
    embedded: committer.embeddedCount,
    lastNumber: committer.lastNumber,
    evictedThrough: window.evictedThrough,
    bytes: window.byteCount,
    shapes: window.shapeCount,
    inWindow: inWindow.size,
    leased: rows.leasedCount,
  };
  const plain = {
    read: model.readCount,
    waiting: model.waiting.length,
    window: model.window.lineCount(),
    evicted: model.window.evictedCount,
    ...model.skipped,
    known: model.knownCount,
    embedded: model.embeddedCount,
    lastNumber: model.lastNumber(),
    evictedThrough: model.window.evictedThrough,
    bytes: model.window.byteCount(),
    shapes: model.window.shapes().length,
    inWindow: model.window.shapes().length,
    leased: model.shapes.length,
  };
  assert.deepEqual(real, plain);
  const lost = real.waiting + real.window + real.evicted;
  assert.equal(real.read, lost + skipped.empty + skipped.overload + skipped.vector, 'the oracle');
  assert.deepEqual(rows.generations, model.generations);
}

function checkShape(
  { shapeOfRow, ring, rows }: System,
  { shape: plain, count, newest }: ShapeView,
  rawVectors: ReadonlyMap<number, Float32Array>,
): void {
  const shape = shapeOfRow[plain.row];
  assert(shape !== undefined, `row ${plain.row} stands for a shape`);
  assert.equal(rows.generations[plain.row], plain.generation, 'generation');
  assert.deepEqual(
    [shape.key, shape.windowLines, shape.newestNumber, shape.newestText, shape.state],
    [plain.key, count, newest.number, newest.text, 'ready'],
  );
  const expected = plain.key === undefined ? rawVectors.get(plain.row) : vectorOf(plain.key);
  assert(expected !== undefined && !(plain.key !== undefined && isBad(plain.key)));
  assert(cosine(ring.vector(plain.row), expected) > 0.999_999, `vector of ${newest.text}`);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

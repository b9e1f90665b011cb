/** What must hold between any two steps. */
import assert from 'node:assert';
import type { PlainFound } from './plain-answer.ts';
import { normalized, vectorsOf } from './fake-model.ts';
import type { PlainHit } from './heard.ts';
import type { PlainModel } from './plain-model.ts';
import type { System } from './system.ts';
import { encode } from './vocabulary.ts';

/** Of each phrase. */
type Found = readonly (readonly PlainFound[])[];

/** Scores are made of the same numbers, perhaps added up in another order. */
const tolerance = 1e-12;

/** @param handedOver - lines so far */
export function checkAll(system: System, model: PlainModel, handedOver: number): void {
  checkCounts(system, model, handedOver);
  checkWindow(system, model);
  checkRows(system);
  system.beside.check(system.ledger.shapes);
  if (system.stages.ranking.name === 'meaning') checkWatches(system, model);
  assert.equal(system.hits.length, model.hits.length, 'lines that answer a watch');
}

/** Compares the hits from `from` on. */
export function checkHits(system: System, model: PlainModel, from: number): void {
  for (const [index, plain] of model.hits.slice(from).entries()) {
    checkHit(system.hits[from + index]!, plain);
  }
}

function checkHit(real: PlainHit, plain: PlainHit): void {
  const place = `line ${plain.line}`;
  assert.deepEqual({ ...real, hits: [] }, { ...plain, hits: [], isNew: false }, place);
  const watches = (hit: PlainHit): number[] => hit.hits.map(({ watch }) => watch);
  assert.deepEqual(watches(real), watches(plain), `watches that ${place} answers`);
  for (const [i, { score }] of plain.hits.entries()) checkScore(real.hits[i]!.score, score, place);
}

export function checkAnswer(real: Found, plain: Found): void {
  assert.equal(real.length, plain.length, 'phrases answered');
  for (const [phrase, shapes] of plain.entries()) {
    const found = real[phrase]!;
    const place = `phrase ${phrase} of a question`;
    const told = ({ count, newest, lines }: PlainFound): string[] => [
      `${count} lines`,
      ...[newest, ...lines].map(({ number, time, text }) => `${number} ${time} ${text}`),
    ];
    assert.deepEqual(found.map(told), shapes.map(told), place);
    for (const [i, { score }] of shapes.entries()) checkScore(found[i]!.score, score, place);
  }
}

function checkScore(real: number, plain: number, place: string): void {
  const isSame = real === plain || Math.abs(real - plain) <= tolerance;
  assert(isSame, `${place} has ${real}, should have ${plain}`);
}

function checkCounts({ stages }: System, model: PlainModel, handedOver: number): void {
  const { committer, window, table } = stages;
  const { skipped } = committer;
  const { overload, vector } = skipped;
  const real = {
    ...{ window: window.lineCount, evicted: window.evictedCount, overload, vector },
    screened: committer.screenedCount,
    evictedThrough: window.evictedThrough,
    bytes: window.byteCount,
    shapes: window.shapeCount,
  };
  const plain = {
    ...{ window: model.window.lineCount(), evicted: model.window.evictedCount, ...model.skipped },
    screened: model.screenedCount,
    evictedThrough: model.window.evictedThrough,
    bytes: model.window.byteCount(),
    shapes: model.window.shapes().length,
  };
  assert.deepEqual(real, plain);
  const { readCount } = committer;
  const known = committer.waitingCount + real.window + real.evicted;
  assert.equal(readCount, known + skipped.empty + overload + vector, 'the oracle');
  assert(readCount <= handedOver && committer.knownCount <= readCount);
  assert(table.end <= handedOver + 1 && committer.waitingCount <= model.waiting.length);
}

function checkWatches(system: System, model: PlainModel): void {
  const real = system.promising();
  for (const [id, plain] of model.promising()) checkScore(real.get(id)!, plain, `watch ${id}`);
}

function checkWindow({ stages, ledger }: System, model: PlainModel): void {
  const { window, table } = stages;
  const real = [...window.linesOf(ledger.shapes)].reverse();
  const plain = model.window.lines();
  assert.deepEqual(
    real.map(({ number, time, text, shape }) => `${number} ${time} ${text} ${table.keys[shape]}`),
    plain.map(({ number, time, text, shape }) => `${number} ${time} ${text} ${shape.key}`),
    'lines of the window',
  );
  const views = model.window.shapes();
  const shapes = new Map(real.map(({ number, shape }) => [number, shape]));
  for (const { newest, count } of views) {
    const shape = shapes.get(newest.number)!;
    assert.equal(window.newestNumberOf(shape), newest.number, 'newest line of a shape');
    assert.equal(table.windowLines[shape], count, 'lines of a shape');
  }
  for (const shape of ledger.shapes) {
    const key = table.keys[shape];
    if (key !== undefined) assert.equal(table.get(key), shape, `shape of ${key}`);
  }
}

/** Each row is leased for one reading, which it holds, or for one under way. */
function checkRows({ stages, ledger, rawVectors }: System): void {
  const { readings, rows, ring, tokens, table } = stages;
  const taken = new Set(ledger.rowsUnderWay);
  for (const shape of ledger.shapes) {
    const row = readings.rowOf(shape);
    if (row === undefined) continue;
    assert(!taken.has(row), `row ${row} is two shapes'`);
    taken.add(row);
    const key = table.keys[shape];
    const ids = key === undefined ? [] : encode(key);
    const expected = normalized(key === undefined ? rawVectors.get(shape)! : vectorsOf(ids).vector);
    assert.deepEqual(ring.vector(row), expected, `vector of ${key}`);
    if (tokens === undefined) continue;
    assert.deepEqual([...tokens.ids(row)], ids.slice(1, -1).slice(0, 32), `tokens of ${key}`);
  }
  assert.equal(rows.leasedCount, taken.size, 'rows under lease');
  assert(rows.leasedCount <= rows.rowCount);
}

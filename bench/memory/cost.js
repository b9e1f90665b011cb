/** What one kind of thing costs; run by memory.js with --expose-gc. */
import { LineReader } from '../../dist/input/line-reader.js';
import { RowSet } from '../../dist/ring/row-set.js';
import { Rows } from '../../dist/ring/rows.js';
import { TokenStore } from '../../dist/ring/token-store.js';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import * as limits from '../../dist/shared/limits.js';
import { LineWindow } from '../../dist/window/line-window.js';
import { ShapeTable } from '../../dist/window/shape-table.js';
import { generateLines } from '../ingest/generator.js';
import { differentLines, wholeWords } from '../stages/different-lines.js';
import { createStages } from '../stages/path.js';

const dimensions = 384;
const tokenDimensions = 128;
const [kind, countText] = process.argv.slice(2);
const count = Number(countText);

/** Bytes that are alive, on V8's heap and outside of it. */
function aliveBytes() {
  for (let i = 0; i < 4; i += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, outside: external, all: heapUsed + external };
}

async function* chunksOf(lines) {
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < 65_536) continue;
    yield Buffer.from(block);
    block = '';
  }
  yield Buffer.from(block);
}

function read(lines) {
  return new LineReader({ maxLineBytes: limits.lineBytesDefault }).read(chunksOf(lines));
}

/** Lines as the reader makes them, all of one shape, in a window that holds them all. */
async function lines() {
  const table = new ShapeTable({ onForget: () => undefined });
  const shape = table.create('', { pieces: new Uint16Array(), count: 0, trouble: 0 });
  const window = new LineWindow(table, {
    maxLines: limits.windowLinesMax,
    maxShapes: limits.windowLinesMax,
    maxRows: 1,
    takesRow: () => false,
    maxBytes: Infinity,
    onEnter: () => undefined,
    onLeave: () => undefined,
  });
  const generated = generateLines({ lines: count, newShare: 0, seed: 1 });
  const before = aliveBytes();
  for await (const { texts, firstNumber, time, bytesPerChar } of read(generated)) {
    for (const [i, text] of texts.entries()) {
      window.commit(shape, text, firstNumber + i, time, text.length * bytesPerChar);
    }
  }
  const bytes = aliveBytes().all - before.all;
  return { kept: window, bytesEach: bytes / count, textEach: window.byteCount / count };
}

/** The memory of rows that were all written: vectors, codes, tokens and who may write which. */
function rows() {
  const before = process.memoryUsage().rss;
  const ring = VectorRing.create({ rowCount: count, dimensions });
  const tokens = TokenStore.create({ rowCount: count, tokenDimensions });
  const kept = [ring, tokens, new Rows({ rowCount: count }), new RowSet(count)];
  const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(i));
  const tokenVectors = new Float32Array(limits.tokensPerRowMax * tokenDimensions).fill(0.1);
  const tokenIds = Array.from({ length: limits.tokensPerRowMax }, (_, i) => i);
  for (let row = 0; row < count; row += 1) {
    ring.write(row, vector, 0);
    tokens.write(row, tokenVectors, 0, tokenIds);
  }
  return { kept, bytesEach: (process.memoryUsage().rss - before) / count, textEach: 0 };
}

/** Lines that are all different, through the engine's own stages: text, key, line and shape. */
async function shapes() {
  const firstLines = linesOfAllWords();
  const stages = createStages({
    window: firstLines.length + count,
    windowBytes: 2 ** 31, // More than these lines have, and less than the heap holds.
  });
  const { committer, window, table } = stages;
  const ingest = async (some) => {
    for await (const batch of read(some)) await committer.ingest(batch);
    await committer.committedAll();
  };
  await ingest(firstLines);
  const before = aliveBytes();
  const textBefore = window.byteCount;
  const keysBefore = keyBytes(table);
  await ingest(differentLines(count));
  const after = aliveBytes();
  if (window.shapeCount < count) throw new Error('lines were not all different');
  return {
    kept: stages,
    bytesEach: (after.all - before.all) / count,
    textEach: (window.byteCount - textBefore) / count,
    keyEach: (keyBytes(table) - keysBefore) / count,
    heapEach: (after.heap - before.heap) / count,
    outsideEach: (after.outside - before.outside) / count,
    piecesEach: table.arena.byteLength / count,
  };
}

/** A few lines with each word of the vocabulary: what is remembered of words is no shape's. */
function linesOfAllWords() {
  const words = wholeWords();
  const lines = [];
  while (words.length > 0) lines.push(words.splice(-wordsALine).join(' '));
  return lines;
}

/** A key takes no more. */
const wordsALine = 40;

/** Of their characters, one byte each: the generator knows no others. */
function keyBytes({ keys }) {
  let bytes = 0;
  for (const key of keys) bytes += key.length;
  return bytes;
}

const { kept, ...costs } = await { lines, rows, shapes }[kind]();
if (kept === undefined) throw new Error('nothing was kept');
process.stdout.write(JSON.stringify({ count, ...costs }));

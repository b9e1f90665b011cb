/** What one kind of thing costs; run by memory.js with --expose-gc. */
import { LineReader } from '../../dist/input/line-reader.js';
import { RowSet } from '../../dist/ring/row-set.js';
import { Rows } from '../../dist/ring/rows.js';
import { TokenStore } from '../../dist/ring/token-store.js';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { Masker } from '../../dist/shape/masker.js';
import * as limits from '../../dist/shared/limits.js';
import { LineWindow } from '../../dist/window/line-window.js';
import { Shape, ShapeTable } from '../../dist/window/shape-table.js';
import { generateLines } from '../ingest/generator.js';

const dimensions = 384;
const tokenDimensions = 128;
const [kind, countText] = process.argv.slice(2);
const count = Number(countText);

/** Bytes that are alive, outside the heap too. */
function aliveBytes() {
  for (let i = 0; i < 4; i += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
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

/** Lines as the reader makes them, in a window that holds them all. */
async function lines() {
  const shape = new Shape('', 0);
  const window = new LineWindow({
    maxLines: limits.windowLinesMax,
    maxShapes: 1,
    maxBytes: Infinity,
    onEnter: () => undefined,
    onLeave: () => undefined,
  });
  const reader = new LineReader({ maxLineBytes: limits.lineBytesDefault });
  const generated = generateLines({ lines: count, newShare: 0, seed: 1 });
  const before = aliveBytes();
  for await (const { texts, firstNumber, time, bytesPerChar } of reader.read(chunksOf(generated))) {
    for (const [i, text] of texts.entries()) {
      window.commit(shape, text, firstNumber + i, time, text.length * bytesPerChar);
    }
  }
  const bytes = aliveBytes() - before;
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

/** What a shape costs on the heap beside its row: its key, its entry in the table, its counts. */
function shapes() {
  const masker = new Masker({ exact: false });
  const table = new ShapeTable(new Rows({ rowCount: count }));
  masker.key('once'); // Its own memory is no shape's.
  const before = aliveBytes();
  let chars = 0;
  for (const line of generateLines({ lines: count, newShare: 1, seed: 1 })) {
    const key = masker.key(line);
    chars += key.length;
    if (table.get(key) === undefined) table.create(key);
  }
  const bytesEach = (aliveBytes() - before) / count;
  return { kept: table, bytesEach, textEach: chars / count };
}

const { kept, bytesEach, textEach } = await { lines, rows, shapes }[kind]();
if (kept === undefined) throw new Error('nothing was kept');
process.stdout.write(JSON.stringify({ count, bytesEach, textEach }));

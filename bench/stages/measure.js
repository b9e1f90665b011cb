/** Runs each stage as the engine runs it. */
import { readFileSync } from 'node:fs';
import split2 from 'split2';
import { LineLimiter } from '../../dist/input/line-limiter.js';
import { LineReader } from '../../dist/input/line-reader.js';
import { Utf8Gate } from '../../dist/input/utf8-gate.js';
import { Watches } from '../../dist/rank/watches.js';
import { Rows } from '../../dist/ring/rows.js';
import { Masker } from '../../dist/shape/masker.js';
import * as limits from '../../dist/shared/limits.js';
import { Committer } from '../../dist/window/committer.js';
import { LineWindow } from '../../dist/window/line-window.js';
import { ShapeTable } from '../../dist/window/shape-table.js';
import { ShapeWindow } from '../../dist/window/shape-window.js';

/** Consumed at the end, so that no loop can be dropped. */
let checksum = 0;

/** A round is at least so long: the kernel accounts for a running thread every few milliseconds. */
const roundMsMin = 100;

/** Nanoseconds of the fastest of some rounds: what disturbs a round only makes it slower. */
async function fastest(rounds, run) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    let milliseconds = 0;
    let runs = 0;
    while (milliseconds < roundMsMin && runs < roundMsMin) {
      milliseconds += await run();
      runs += 1;
    }
    best = Math.min(best, milliseconds / runs);
  }
  return best * 1e6;
}

/**
 * Milliseconds that the main thread has been on a core, so that other programs' load doesn't count;
 * its first number is in nanoseconds. Wall time where there is no such file.
 */
function threadMs() {
  try {
    return (
      Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
    );
  } catch {
    return performance.now();
  }
}

async function timed(work) {
  const started = threadMs();
  await work();
  return threadMs() - started;
}

/** A watched phrase that no line answers: what a known shape costs, which is all but a few lines. */
function watchNothing() {
  const watches = new Watches();
  const ranking = { phrase: '', raw: () => 0, observe: () => undefined, score: (raw) => raw };
  watches.add(ranking, 0.5);
  return watches;
}

/** The path of a line without threads: a shape's vector is there on the next turn. */
function createPath(keep, watches) {
  const rows = new Rows({ rowCount: limits.rowsDefault + limits.leasedRowsMax });
  const table = new ShapeTable(rows);
  const options = {
    maxLines: limits.windowLinesDefault,
    maxShapes: limits.rowsDefault,
    maxBytes: limits.windowBytesDefault,
    onEnter: () => undefined,
    onLeave: (shape) => table.releaseIfUnused(shape),
  };
  const window = keep === 'lines' ? new LineWindow(options) : new ShapeWindow(options);
  const committer = new Committer({
    masker: new Masker({ exact: false }),
    table,
    window,
    onOverload: 'block',
    pool: {
      embedShape: (job) => {
        job.state = 'sent';
        setImmediate(() => committer.shapesDone([job], Uint8Array.of(1)));
      },
    },
    onCommit: (shape) => {
      if (watches !== undefined) checksum += watches.judge(shape).length;
    },
  });
  return { committer, window, table };
}

async function* inTurn(chunks) {
  for (const chunk of chunks) yield chunk;
}

async function ingest(path, chunks) {
  const reader = new LineReader({ maxLineBytes: limits.lineBytesDefault });
  for await (const batch of reader.read(inTurn(chunks))) await path.committer.ingest(batch);
  await path.committer.committedAll();
}

/**
 * @param {Buffer[]} chunks
 * @returns {{ lines: number, bytesPerLine: number, stages: Record<string, number> }} in nanoseconds
 */
export async function measureStages(chunks, rounds) {
  const batches = [];
  const reader = new LineReader({ maxLineBytes: limits.lineBytesDefault });
  for await (const batch of reader.read(inTurn(chunks))) batches.push(batch);
  const lines = batches.reduce((sum, { texts }) => sum + texts.length, 0);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const stages = {};
  const measure = async (name, run) => {
    stages[name] = (await fastest(rounds, run)) / lines;
  };

  await measure('UTF-8 gate', () => {
    const gate = new Utf8Gate();
    return timed(() => {
      for (const chunk of chunks) checksum += gate.push(chunk).length;
    });
  });
  await measure('limiter', () => {
    const limiter = new LineLimiter(limits.lineBytesDefault);
    return timed(() => {
      for (const chunk of chunks) checksum += limiter.push(chunk).length;
    });
  });
  await measure('split2', () => {
    const splitter = split2('\n', (line) => {
      checksum += line.length;
    });
    return timed(() => {
      for (const chunk of chunks) splitter.write(chunk);
    });
  });
  await measure('reader: all of these', () =>
    timed(async () => {
      const whole = new LineReader({ maxLineBytes: limits.lineBytesDefault });
      for await (const { texts } of whole.read(inTurn(chunks))) checksum += texts.length;
    }),
  );
  const masker = new Masker({ exact: false });
  await measure('mask', () =>
    timed(() => {
      for (const { texts } of batches) {
        for (const text of texts) checksum += masker.key(text)?.length ?? 0;
      }
    }),
  );
  await measureKnown(measure, chunks, batches, masker);
  await measure('all, one watched phrase', wholePath('lines', chunks, watchNothing()));
  await measure('all, each shape kept once (query)', wholePath('shapes', chunks, undefined));
  if (checksum === 0) throw new Error('nothing was read');
  return { lines, bytesPerLine: bytes / lines, stages };
}

/** Stages that need shapes which are known. */
async function measureKnown(measure, chunks, batches, masker) {
  const path = createPath('lines', undefined);
  await ingest(path, chunks);
  const shapesOf = batches.map(({ texts }) =>
    texts.map((text) => {
      const key = masker.key(text);
      return key === undefined ? undefined : path.table.get(key);
    }),
  );
  await measure('look-up', () => {
    let milliseconds = 0;
    for (const { texts } of batches) {
      const keys = texts.map((text) => masker.key(text) ?? ''); // New strings: their hash is not known.
      const started = threadMs();
      for (const key of keys) checksum += path.table.get(key)?.row ?? 0;
      milliseconds += threadMs() - started;
    }
    return milliseconds;
  });
  await measure('commit', () =>
    timed(() => {
      for (const [index, { texts, firstNumber, time, bytesPerChar }] of batches.entries()) {
        const shapes = shapesOf[index];
        for (let i = 0; i < texts.length; i += 1) {
          const text = texts[i];
          const shape = shapes[i];
          if (shape === undefined) continue;
          path.window.commit(shape, text, firstNumber + i, time, text.length * bytesPerChar);
        }
      }
    }),
  );
  const watches = watchNothing();
  await measure('watch', () =>
    timed(() => {
      for (const shapes of shapesOf) {
        for (const shape of shapes) {
          if (shape !== undefined) checksum += watches.judge(shape).length;
        }
      }
    }),
  );
}

/** Everything but the model, with every shape known. */
function wholePath(keep, chunks, watches) {
  const path = createPath(keep, watches);
  let isWarm = false;
  return async () => {
    if (!isWarm) await ingest(path, chunks);
    isWarm = true;
    return timed(() => ingest(path, chunks));
  };
}

/** Runs each stage as the engine runs it, where every shape is known. */
import split2 from 'split2';
import { LineLimiter } from '../../dist/input/line-limiter.js';
import { Utf8Gate } from '../../dist/input/utf8-gate.js';
import { Masker } from '../../dist/shape/masker.js';
import * as limits from '../../dist/shared/limits.js';
import { createStages, gateOf, ingest, read } from './path.js';
import { assertNothingWanted, watchOnly } from './phrases.js';
import { fastest, threadMs, timed } from './timing.js';

/** Consumed at the end, so that no loop can be dropped. */
let checksum = 0;

/**
 * @param {Buffer[]} chunks
 * @returns {{ lines: number, bytesPerLine: number, stages: Record<string, number> }} in nanoseconds
 */
export async function measureKnownShapes(chunks, rounds) {
  const batches = [];
  for await (const batch of read(chunks)) batches.push(batch);
  const lines = batches.reduce((sum, { texts }) => sum + texts.length, 0);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const stages = {};
  const measure = async (name, run) => {
    stages[name] = (await fastest(rounds, run)) / lines;
  };

  await measureReader(measure, chunks);
  const masker = new Masker({ exact: false });
  await measure('mask', () =>
    timed(() => {
      for (const { texts } of batches) {
        for (const text of texts) checksum += masker.key(text)?.length ?? 0;
      }
    }),
  );
  await measureWindow(measure, chunks, batches, masker);
  await measure('all, no watch', await wholePath('lines', chunks, 0));
  await measure('all, one watched phrase', await wholePath('lines', chunks, 1));
  await measure('all, each shape kept once (query)', await wholePath('shapes', chunks, 0));
  if (checksum === 0) throw new Error('nothing was read');
  return { lines, bytesPerLine: bytes / lines, stages };
}

async function measureReader(measure, chunks) {
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
      for await (const { texts } of read(chunks)) checksum += texts.length;
    }),
  );
}

/** Stages that need shapes which are known. */
async function measureWindow(measure, chunks, batches, masker) {
  const stages = createStages();
  const { table, window } = stages;
  await watchOnly(stages, 1);
  await ingest(stages, chunks);
  const shapesOf = batches.map(({ texts }) =>
    texts.map((text) => {
      const key = masker.key(text);
      return key === undefined ? undefined : table.get(key);
    }),
  );
  await measure('look-up', () => {
    let milliseconds = 0;
    for (const { texts } of batches) {
      const keys = texts.map((text) => masker.key(text) ?? ''); // New strings: their hash is not known.
      const started = threadMs();
      for (const key of keys) checksum += table.get(key) ?? 0;
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
          window.commit(shape, text, firstNumber + i, time, text.length * bytesPerChar);
        }
      }
    }),
  );
  const gate = gateOf(stages);
  await measure('watch', () =>
    timed(() => {
      for (const shapes of shapesOf) {
        for (const shape of shapes) {
          if (shape === undefined) continue;
          if (gate.verdict(shape) === 'commit') checksum += 1;
          gate.judge(shape, '', 0, 0);
        }
      }
    }),
  );
  assertNothingWanted(stages);
}

/** Everything but the model. @returns a run of it, of which the first teaches the shapes */
async function wholePath(keep, chunks, watchCount) {
  const stages = createStages({ keep });
  await watchOnly(stages, watchCount);
  await ingest(stages, chunks);
  return async () => {
    const milliseconds = await timed(() => ingest(stages, chunks));
    assertNothingWanted(stages);
    return milliseconds;
  };
}

/** The same where every line brings a shape of its own; and a glance at all of them. */
import { KeyReader } from '../../dist/glance/key-reader.js';
import { chooseBest } from '../../dist/rank/candidates.js';
import { glanceAtAll } from '../../dist/rank/glance-scan.js';
import { Masker } from '../../dist/shape/masker.js';
import * as limits from '../../dist/shared/limits.js';
import { chunksOf, createStages, encoder, gateOf, ingest } from './path.js';
import { assertNothingWanted, openPhrases, watchOnly } from './phrases.js';
import { fastest, timed } from './timing.js';

/** Shapes between two looks at the clock. */
const blockLines = 50_000;
const watchCounts = [1, 5, 20];

let checksum = 0;

/**
 * @param {Iterator<string>} source - of lines that are all different
 * @returns {Record<string, number>} nanoseconds a line, into a full window
 */
export async function measureNewShapes(source, rounds) {
  const figures = {};
  const measure = async (name, count, run) => {
    figures[name] = (await fastest(rounds, run)) / count;
  };
  const stages = createStages();
  await ingest(stages, chunksOf(take(source, limits.windowLinesDefault)));
  await measureReading(measure, source);
  await measureEntering(measure, stages, source);
  for (const watchCount of [0, 1, 5]) {
    await watchOnly(stages, watchCount);
    const name =
      watchCount === 0
        ? 'no watch'
        : watchCount === 1
          ? 'one watched phrase'
          : `${watchCount} watched phrases`;
    await measure(`all, ${name}`, blockLines, wholePath(stages, source));
  }
  const once = createStages({ keep: 'shapes' });
  await ingest(once, chunksOf(take(source, limits.windowLinesDefault)));
  await measure('all, each shape kept once (query)', blockLines, wholePath(once, source));
  if (checksum === 0) throw new Error('nothing was read');
  return figures;
}

/** From the line to its key and what a glance needs of it. */
async function measureReading(measure, source) {
  const lines = [...take(source, blockLines)];
  const masker = new Masker({ exact: false });
  await measure('mask', blockLines, () =>
    timed(() => {
      for (const line of lines) checksum += masker.key(line).length;
    }),
  );
  const keys = lines.map((line) => masker.key(line));
  const reader = new KeyReader((word) => encoder.wordIds(word));
  await measure('key to wordpieces and trouble', blockLines, () =>
    timed(() => {
      for (const key of keys) {
        reader.read(key);
        checksum += reader.count;
      }
    }),
  );
  const words = unseenWords();
  const someWords = blockLines / 10;
  await measure('the same of a word never seen', someWords, () => {
    const unseen = [...take(words, someWords)];
    return timed(() => {
      for (const word of unseen) {
        reader.read(word);
        checksum += reader.count;
      }
    });
  });
}

/** A window that is full: another shape leaves for each. */
async function measureEntering(measure, stages, source) {
  const { table, window } = stages;
  const gate = gateOf(stages);
  const shapes = [];
  const next = nextShapes(source);
  let number = limits.windowLinesDefault;
  const enter = () =>
    timed(() => {
      for (const { shape, line } of shapes) {
        number += 1;
        window.commit(shape, line, number, 0, line.length);
      }
    });
  await measure('make a shape', blockLines, async () => {
    const facts = next();
    return await timed(() => {
      for (const one of facts) one.shape = table.create(one.key, one);
    }).finally(async () => {
      shapes.splice(0, Infinity, ...facts);
      await enter();
    });
  });
  const create = () => {
    const facts = next();
    for (const one of facts) one.shape = table.create(one.key, one);
    shapes.splice(0, Infinity, ...facts);
  };
  await measure('enter the window, where another leaves', blockLines, async () => {
    create();
    return await enter();
  });
  for (const watchCount of watchCounts) {
    await watchOnly(stages, watchCount);
    await measure(`glance of ${watchCount} watched phrases`, blockLines, async () => {
      create();
      const milliseconds = await timed(() => {
        for (const { shape } of shapes) if (gate.verdict(shape) === 'commit') checksum += 1;
      });
      await enter();
      assertNothingWanted(stages);
      return milliseconds;
    });
  }
  await watchOnly(stages, 0);
}

/** @returns a function that makes the next lines ready to become shapes */
function nextShapes(source) {
  const masker = new Masker({ exact: false });
  const reader = new KeyReader((word) => encoder.wordIds(word));
  return () =>
    [...take(source, blockLines)].map((line) => {
      const key = masker.key(line);
      reader.read(key);
      const { count, trouble } = reader;
      return { line, key, pieces: reader.pieces.slice(0, count), count, trouble, shape: 0 };
    });
}

/** Everything but the model. */
function wholePath(stages, source) {
  return async () => {
    const chunks = chunksOf(take(source, blockLines));
    const milliseconds = await timed(() => ingest(stages, chunks));
    assertNothingWanted(stages);
    return milliseconds;
  };
}

/**
 * A question's glance at a default window full of shapes, in milliseconds, part by part.
 * @param {Iterator<string>} source
 */
export async function measureGlanceAtAll(source, rounds) {
  const stages = createStages();
  await ingest(stages, chunksOf(take(source, limits.windowLinesDefault)));
  const { table, window, frequencies } = stages;
  const figures = { shapes: window.shapeCount };
  const measure = async (name, run) => {
    figures[name] = (await fastest(rounds, run)) / 1e6;
  };
  const fold = (phrase, frozen) => {
    const folding = phrase.glance.fold(frozen);
    let step = folding.next();
    while (step.done !== true) step = folding.next();
    checksum += step.value.score(table.arena.pieces, 0, 1, 0);
  };
  const frozen = frequencies.freeze();
  let [phrase] = await openPhrases(stages, 1);
  await measure('fold, phrase new', async () => {
    [phrase] = await openPhrases(stages, 1);
    return await timed(() => {
      fold(phrase, frozen);
    });
  });
  await measure('fold, phrase known', () =>
    timed(() => {
      fold(phrase, frozen);
    }),
  );
  let scores = new Float32Array();
  await measure('fold and glance', () =>
    timed(async () => {
      scores = await glanceAtAll(table, phrase.glance, frozen);
    }),
  );
  const { glancedCandidatesMin: count, likeCandidatesMax: likeMax } = limits;
  await measure('choose', () =>
    timed(async () => {
      const numberOf = (shape) => window.newestNumberOf(shape);
      // No two of these lines are alike, so no two are of one event.
      const eventOf = () => undefined;
      checksum += (await chooseBest({ scores, count, likeMax, table, eventOf, numberOf })).length;
    }),
  );
  const glanceMs = figures['fold and glance'] - figures['fold, phrase known'];
  figures['ns a shape'] = (glanceMs * 1e6) / figures.shapes;
  return figures;
}

function* take(iterator, count) {
  for (let i = 0; i < count; i += 1) {
    const { value, done } = iterator.next();
    if (done === true) throw new Error(`there are only ${i} lines`);
    yield value;
  }
}

/** Words of eight letters. */
function* unseenWords() {
  for (let number = 1; ; number += 1) {
    let rest = Math.imul(number, 0x9e3779b1) >>> 0;
    let word = '';
    for (let i = 0; i < 8; i += 1) {
      const letters = i % 2 === 0 ? 'bcdfghklmnprstvz' : 'aeiou';
      word += letters[rest % letters.length];
      rest = Math.floor(rest / letters.length);
    }
    yield word;
  }
}

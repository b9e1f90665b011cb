/**
 * What one right and one wrong mark bring: for each labelled phrase a right line as `like`, or the
 * wrong line with the highest score as `unlike`; the marked line (of logs its event) is left out of
 * what is judged, before and after. Where every shape is read.
 * usage: node bench/quality/marks.js [--data DIR] [--prose DIR] [--draws 6] [--json]
 * Without --data: the project's own sample logs.
 */
import { parseArgs } from 'node:util';
import { CosineRanking } from '../../dist/rank/cosine.js';
import { dcg, mean, oneThreshold } from './figures.js';
import { ownFolders, readSystems, sharedFolders } from './data.js';
import { readProse } from './prose.js';
import {
  embedPhrase,
  exampleText,
  rankingOf,
  readShapes,
  shapeOfLine,
  streamOf,
} from './read-shapes.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    prose: { type: 'string' },
    /** Right lines chosen for each phrase, one after the other. */
    draws: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
  },
});
const draws = Number(values.draws);
const least = 0.5;

const logs = readSystems(values.data === undefined ? ownFolders() : sharedFolders(values.data));
const groups = { logs: [] };
for (const system of logs) groups.logs.push(await openSet(system, false));
for (const set of values.prose === undefined ? [] : readProse(values.prose)) {
  groups[set.name] = [await openSet(set, true)];
}

const result = {};
for (const [name, sets] of Object.entries(groups)) {
  for (const rank of ['meaning', 'cosine']) {
    const of = async (mark, take) => await figures(sets, rank, mark, take);
    result[`${name}, ${rank}`] = {
      'before, a right line left out': await of('like', () => ({})),
      'one right line beside it': await of('like', (text) => ({ like: [text] })),
      'the right line alone': await of('like', (text) => ({ phrase: undefined, like: [text] })),
      'before, the first wrong one left out': await of('unlike', () => ({})),
      'one wrong line': await of('unlike', (text) => ({ unlike: [text] })),
    };
  }
}
print();

/** A set of lines, read, with what each shape is judged by: its events, or itself. */
async function openSet({ name, lines, events, queries }, isProse) {
  const readings = await readShapes(lines);
  const found = shapeOfLine(readings.shapes, lines);
  const unitsOf = readings.shapes.map(() => new Set());
  for (const [index, shape] of found.entries()) {
    if (shape !== undefined) unitsOf[shape].add(isProse ? String(index + 1) : events[index]);
  }
  const set = { name, lines, queries, readings, unitsOf, stream: streamOf(readings) };
  set.rankings = {
    meaning: rankingOf(readings),
    cosine: new CosineRanking(readings.ring, exampleText),
  };
  return set;
}

/** nDCG@10, AP and recall at precision ½ over all phrases, what scores .5 and more; mean of all draws. */
async function figures(sets, rank, mark, take) {
  const runs = [];
  const random = generator();
  for (let draw = 0; draw < (mark === 'like' ? draws : 1); draw += 1) {
    const ndcg = [];
    const pairs = [];
    let total = 0;
    for (const set of sets) {
      for (const query of set.queries) {
        const judged = await judge(set, rank, query, mark, take, random);
        if (judged.ideal > 0) ndcg.push(judged.gain / judged.ideal);
        for (const pair of judged.pairs) pairs.push(pair);
        total += judged.total;
      }
    }
    const { event_ap, recall_at_p50 } = oneThreshold(pairs, total);
    const printed = pairs.filter(({ score }) => score >= least);
    const hits = printed.filter(({ hit }) => hit).length;
    const right = hits / Math.max(1, printed.length);
    runs.push({ ndcg: mean(ndcg), event_ap, recall_at_p50, right, found: hits / total });
  }
  const names = Object.keys(runs[0]);
  return Object.fromEntries(names.map((name) => [name, mean(runs.map((run) => run[name]))]));
}

async function judge(set, rank, { query, relevant }, mark, take, random) {
  const { shapes } = set.readings;
  const gradeOf = (shape) =>
    Math.max(...[...set.unitsOf[shape]].map((unit) => relevant[unit] ?? 0));
  const before = await score(set, rank, { phrase: query });
  const marked =
    mark === 'like'
      ? oneOf(
          [...shapes.keys()].filter((shape) => gradeOf(shape) > 0),
          set.unitsOf,
          relevant,
          random,
        )
      : firstWrong(before, gradeOf);
  const marks = marked === undefined ? {} : take(set.lines[shapes[marked].line - 1]);
  const scored =
    Object.keys(marks).length === 0 ? before : await score(set, rank, { phrase: query, ...marks });
  const leftOut = marked === undefined ? new Set() : set.unitsOf[marked];
  const best = new Map();
  for (const [shape, { raw, score: chance, isUnlike }] of scored.entries()) {
    for (const unit of isUnlike ? [] : set.unitsOf[shape]) {
      if (leftOut.has(unit) || best.get(unit)?.raw >= raw) continue;
      best.set(unit, { raw, score: chance, grade: relevant[unit] ?? 0 });
    }
  }
  const order = [...best.values()].sort((a, b) => b.raw - a.raw);
  const all = [...new Set(set.unitsOf.flatMap((units) => [...units]))].filter(
    (unit) => !leftOut.has(unit),
  );
  const grades = all.map((unit) => relevant[unit] ?? 0).sort((a, b) => b - a);
  return {
    gain: dcg(order.slice(0, 10).map(({ grade }) => grade)),
    ideal: dcg(grades.slice(0, 10)),
    pairs: order.map(({ score: chance, grade }) => ({ score: chance, hit: grade > 0 })),
    total: grades.filter((grade) => grade > 0).length,
  };
}

async function score({ readings, rankings, stream }, rank, { phrase, like = [], unlike = [] }) {
  const asked = { phrase, like, unlike };
  const opened = rankings[rank].open(asked, await embedPhrase(asked, rankings[rank]));
  const compared = readings.shapes.map((shape) => {
    const raw = opened.raw(shape.row, shape, stream);
    const isUnlike = opened.isUnlike?.(shape.row, shape, stream, raw) ?? false;
    return { raw, isUnlike };
  });
  const best = Math.max(...compared.map(({ raw }) => raw));
  const { proseDegree } = stream.frequencies;
  return compared.map((one) => ({ ...one, score: opened.score(one.raw, best, proseDegree) }));
}

/** A right shape: first an event, then one of its shapes. */
function oneOf(right, unitsOf, relevant, random) {
  const byUnit = new Map();
  for (const shape of right) {
    for (const unit of unitsOf[shape]) {
      if ((relevant[unit] ?? 0) > 0) byUnit.set(unit, [...(byUnit.get(unit) ?? []), shape]);
    }
  }
  const pick = (values) => values[Math.floor(random() * values.length)];
  return byUnit.size === 0 ? undefined : pick(pick([...byUnit.values()]));
}

function firstWrong(scored, gradeOf) {
  let first;
  for (const [shape, { raw }] of scored.entries()) {
    if (gradeOf(shape) === 0 && !(first !== undefined && scored[first].raw >= raw)) first = shape;
  }
  return first;
}

/** The same choices each time. */
function generator() {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

function print() {
  const columns = {
    ndcg: 'nDCG',
    event_ap: 'AP',
    recall_at_p50: 'recall.5',
    right: 'right',
    found: 'found',
  };
  for (const [name, rows] of Object.entries(result)) {
    console.log(
      `${name.padEnd(38)}${Object.values(columns)
        .map((head) => head.padStart(10))
        .join('')}`,
    );
    for (const [row, values_] of Object.entries(rows)) {
      const cells = Object.keys(columns).map((key) => values_[key].toFixed(3).padStart(10));
      console.log(`  ${row.padEnd(36)}${cells.join('')}`);
    }
  }
  if (values.json) console.log(JSON.stringify(result));
}

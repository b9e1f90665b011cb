/**
 * Search quality beside that of peers, on the same lines of labelled logs: nDCG@10 over events.
 * usage: node bench/quality/peers.js [--data DIR] [--lines 3] [--json]
 * Without a folder: the project's own sample logs. README.md says what each row is.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Engine } from '../../dist/index.js';
import { Masker } from '../../dist/shape/masker.js';
import { topMax } from '../../dist/shared/limits.js';
import { askPeer, peersIn } from '../ingest/peers.js';
import { ownFolders, readSystems, sharedFolders } from './data.js';
import { bestByEvent, figuresOf } from './figures.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    lines: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const folders = values.data === undefined ? ownFolders() : sharedFolders(values.data);
const systems = readSystems(folders).map(fewOfEachEvent);
const lineCount = systems.reduce((sum, { lines }) => sum + lines.length, 0);
const masker = new Masker({ exact: false });
const masked = (line) => masker.key(line) ?? '';
const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-peers-'));
try {
  const { python, rustModel, rustUnpadded, published, distilled } = peersIn();
  const results = { imesde: figuresOf(await scoredByEngine()) };
  const of = (name, peer, model, textOf) => {
    results[name] = figuresOf(scoredByPeer(python, peer, model, textOf));
  };
  of('sentence-transformers', 'sentence-transformers', published, String);
  of('sentence-transformers, masked', 'sentence-transformers', published, masked);
  of('Rust imesde 0.5.0', 'rust', rustModel, String);
  of('Rust imesde 0.5.0, no padding', 'rust', rustUnpadded, String);
  of('model2vec', 'model2vec', distilled, String);
  of('model2vec, masked', 'model2vec', distilled, masked);
  print(results);
} finally {
  rmSync(folder, { recursive: true });
}

/** The first lines of each event, so that slow peers come to an end. */
function fewOfEachEvent({ name, lines, events, queries }) {
  const seen = new Map();
  const kept = [...lines.keys()].filter((i) => {
    const count = (seen.get(events[i]) ?? 0) + 1;
    seen.set(events[i], count);
    return count <= Number(values.lines) && lines[i].trim() !== '';
  });
  return {
    name,
    lines: kept.map((i) => lines[i]),
    events: kept.map((i) => events[i]),
    queries,
  };
}

/** As it comes, but for --top: every event has a score. */
async function scoredByEngine() {
  const judged = [];
  for (const { lines, events, queries } of systems) {
    const engine = await Engine.open();
    await engine.ingestBatch(lines);
    for (const query of queries) {
      const matches = await engine.search(query.query, topMax);
      const scored = matches.map(({ line, score }) => ({ event: events[line - 1], score }));
      judged.push({ ...query, best: bestByEvent(scored) });
    }
    await engine.close();
  }
  return judged;
}

/** @param textOf - what the peer gets of a line */
function scoredByPeer(python, peer, model, textOf) {
  const tasks = path.join(folder, 'tasks.json');
  const given = systems.map(({ lines, queries }) => ({
    texts: lines.map(textOf),
    phrases: queries.map(({ query }) => query),
  }));
  writeFileSync(tasks, JSON.stringify(given));
  const script = fileURLToPath(new URL('peers.py', import.meta.url));
  const answers = askPeer(python, [script, peer, '--model', model, '--tasks', tasks]);
  return systems.flatMap(({ events, queries }, system) =>
    queries.map((query, i) => {
      const scores = answers[system][i];
      const scored = [...scores.keys()]
        .sort((a, b) => scores[b] - scores[a] || b - a)
        .map((line) => ({ event: events[line], score: scores[line] }));
      return { ...query, best: bestByEvent(scored) };
    }),
  );
}

function print(results) {
  const columns = { ndcg: 'nDCG@10', paraphrase: 'paraphr.', lexical: 'lexical', event_ap: 'AP' };
  const row = (name, cells) =>
    console.log(`${name.padEnd(32)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  row(`${lineCount} lines`, Object.values(columns));
  for (const [name, figures] of Object.entries(results)) {
    row(
      name,
      Object.keys(columns).map((key) => figures[key].toFixed(3)),
    );
  }
  if (values.json) console.log(JSON.stringify({ lines: lineCount, ...results }));
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Engine, type Match } from '../../dist/index.js';

const logs = new URL('../fixtures/logs/', import.meta.url);
const lines = ['auth.log', 'kernel.log', 'shop.log'].flatMap((name) =>
  readFileSync(new URL(name, logs), 'utf8').trimEnd().split('\n'),
);
const phrase = 'login refused or disk failing';

interface Told {
  /** Of the lines told: by the watch, then by the question. */
  readonly lines: number[];
  readonly scores: number[];
}

/** @param asked - phrases asked on the way: what they have read is there already later */
async function scoresOf(batchLines: number, asked: readonly string[]): Promise<Told> {
  const engine = await Engine.open();
  const told: Told = { lines: [], scores: [] };
  const tell = (line: number, score: number): void => {
    told.lines.push(line);
    told.scores.push(score);
  };
  await engine.addWatch('password rejected', 0.5);
  engine.onMatch(({ hits, line }) => {
    for (const { score } of hits) tell(line, score);
  });
  for (let i = 0; i < lines.length; i += batchLines) {
    await engine.ingestBatch(lines.slice(i, i + batchLines));
    const question = asked[(i / batchLines) % asked.length];
    if (question !== undefined) await engine.search(question, 5);
  }
  await engine.drained();
  expect(told.lines.length).toBeGreaterThan(10);
  const found: Match[] = await engine.search(phrase, 20, { all: true });
  await engine.close();
  for (const { line, score } of found) tell(line, score);
  return told;
}

it('scores lines the same whatever was read before, and however they came', async () => {
  const asked = ['out of memory', 'payment', 'session opened'];
  const [one, other] = [await scoresOf(53, asked), await scoresOf(lines.length, [])];
  expect(one.lines).toEqual(other.lines);
  for (const [i, score] of one.scores.entries()) {
    // A text's vector may differ by 3e-8 with the others of its batch (model/README.md).
    expect(score).toBeCloseTo(other.scores[i]!, 6);
  }
}, 60_000);

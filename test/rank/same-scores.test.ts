import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Engine, type Match } from '../../dist/index.js';

const logs = new URL('../fixtures/logs/', import.meta.url);
const lines = ['auth.log', 'kernel.log', 'shop.log'].flatMap((name) =>
  readFileSync(new URL(name, logs), 'utf8').trimEnd().split('\n'),
);
const phrase = 'login refused or disk failing';

/** @param asked - phrases asked on the way: what they have read is there already later */
async function scoresOf(batchLines: number, asked: readonly string[]): Promise<unknown> {
  const engine = await Engine.open();
  const watched: unknown[] = [];
  await engine.addWatch('password rejected', 0.5);
  engine.onMatch(({ hits, line }) => watched.push(line, ...hits.map(({ score }) => score)));
  for (let i = 0; i < lines.length; i += batchLines) {
    await engine.ingestBatch(lines.slice(i, i + batchLines));
    const question = asked[(i / batchLines) % asked.length];
    if (question !== undefined) await engine.search(question, 5);
  }
  await engine.drained();
  const found = await engine.search(phrase, 20, { all: true });
  await engine.close();
  return { watched, found: found.map(({ line, score }: Match) => ({ line, score })) };
}

it('scores lines the same whatever was read before, and however they came', async () => {
  const asked = ['out of memory', 'payment', 'session opened'];
  expect(await scoresOf(53, asked)).toEqual(await scoresOf(lines.length, []));
}, 60_000);

/** One right line of the project's own labelled logs, as an example: what it brings. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';

const labelled = new URL('../fixtures/labelled/', import.meta.url);
const logs = new URL('../fixtures/logs/', import.meta.url);
const logFiles = ['access.log', 'api.jsonl', 'auth.log', 'kernel.log', 'shop.log', 'worker.logfmt'];

interface Query {
  readonly system: string;
  readonly query: string;
  readonly relevant: Readonly<Record<string, number>>;
}

const queries = readFileSync(new URL('queries.jsonl', labelled), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Query)
  .filter(({ relevant }) => Object.keys(relevant).length > 1);

it('finds other events that are right by one right line', { timeout: 120_000 }, async () => {
  const gains = { before: 0, after: 0 };
  let count = 0;
  for (const file of logFiles) {
    const system = file.replace(/\..*$/, '');
    const events = readFileSync(new URL(`${system}.events`, labelled), 'utf8')
      .trim()
      .split('\n');
    const lines = readFileSync(new URL(file, logs), 'utf8').trimEnd().split('\n');
    await using engine = await Engine.open({ keep: 'shapes' });
    await engine.ingestBatch(lines);
    for (const { query, relevant } of queries.filter((one) => one.system === system)) {
      const marked = events.find((event) => event in relevant)!;
      const like = [lines[events.indexOf(marked)]!];
      count += 1;
      for (const [name, marks] of Object.entries({ before: {}, after: { like } })) {
        const found = await engine.search(query, 10_000, marks);
        const order = [...new Set(found.map(({ line }) => events[line - 1]!))];
        const grades = (of: readonly string[]) =>
          of.filter((event) => event !== marked).map((event) => relevant[event] ?? 0);
        const ideal = grades(Object.keys(relevant)).sort((a, b) => b - a);
        gains[name as 'before' | 'after'] +=
          discounted(grades(order).slice(0, 10)) / discounted(ideal.slice(0, 10));
      }
    }
  }
  // Measured: .66 and .75.
  expect(gains.after / count).toBeGreaterThan(gains.before / count + 0.05);
});

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, rank) => sum + (2 ** grade - 1) / Math.log2(rank + 2), 0);
}

/** Queries that go on while rows change hands: exact for what nobody leased anew meanwhile. */
import assert from 'node:assert';
import type { Scan } from '../../src/scan/scanner.ts';
import { cosine } from './checks.ts';
import { vectorOf } from './fake-worker.ts';
import type { Random } from './random.ts';
import type { System } from './system.ts';

interface OpenQuery {
  readonly vector: Float32Array;
  readonly k: number;
  readonly scan: Scan;
  /** Rows in the window when it began, with their generations and vectors then. */
  readonly rows: readonly { row: number; generation: number; vector: Float32Array }[];
}

/** At one time. */
const queriesMax = 3;

export class Queries {
  readonly #system: System;
  readonly #random: Random;
  readonly #open: OpenQuery[] = [];

  constructor(system: System, random: Random) {
    this.#system = system;
    this.#random = random;
  }

  begin(): void {
    if (this.#open.length === queriesMax) return;
    const { inWindow, rows, ring, scanner } = this.#system;
    const vector = vectorOf(`query${this.#random.between(0, 1_000)}`);
    const k = this.#random.between(1, 20);
    const scanned = [...inWindow.rows.subarray(0, inWindow.size)].map((row) => ({
      row,
      generation: rows.generations[row]!,
      vector: ring.vector(row).slice(),
    }));
    const scan = scanner.begin({
      queries: [vector],
      rows: inWindow.rows,
      rowCount: inWindow.size,
      k,
      tieBreak: new Float64Array(rows.rowCount),
    });
    this.#open.push({ vector, k, scan, rows: scanned });
  }

  /** The oldest goes on for the shortest slice there is. */
  goOn(): void {
    const [query] = this.#open;
    if (query === undefined || !query.scan.step(0)) return;
    this.#open.shift();
    this.#check(query);
  }

  finishAll(): void {
    for (const query of this.#open.splice(0)) this.#check(query);
  }

  #check(query: OpenQuery): void {
    const { generations } = this.#system.rows;
    const scores = query.rows
      .filter(({ row, generation }) => generations[row] === generation)
      .map(({ vector }) => cosine(vector, query.vector))
      .sort((a, b) => b - a)
      .slice(0, query.k);
    const [found = []] = query.scan.finish();
    assert.equal(found.length, scores.length, 'matches of a query');
    for (const [rank, { row, score }] of found.entries()) {
      assert(Math.abs(score - scores[rank]!) < 1e-5, `score of rank ${rank}`);
      const own = query.rows.find((scanned) => scanned.row === row)!;
      assert(Math.abs(score - cosine(own.vector, query.vector)) < 1e-5, 'score of another row');
    }
  }
}

/** A glance at every shape of the window, in slices that leave the thread responsive. */
import type { Frequencies } from '../glance/document-frequencies.ts';
import type { FoldedPhrase, GlancePhrase } from '../glance/glance.ts';
import { nextTurn } from '../shared/next-turn.ts';
import type { ShapeTable } from '../window/shape-table.ts';

/** How long a search keeps the thread before it lets reading and answering go on. */
export const sliceMs = 2;
/** Shapes between two looks at the clock. */
const shapesAStep = 256;

/** @returns by shape: s, or NaN for what is not in the window or has no words to glance at */
export async function glanceAtAll(
  table: ShapeTable,
  glance: GlancePhrase,
  frequencies: Frequencies,
): Promise<Float32Array> {
  const folded = await foldInSlices(glance, frequencies);
  const { end } = table;
  const scores = new Float32Array(end).fill(NaN);
  let sliceEnd = performance.now() + sliceMs;
  for (let from = 0; from < end; from += shapesAStep) {
    glanceAt(table, folded, from, Math.min(end, from + shapesAStep), scores);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + sliceMs;
  }
  return scores;
}

async function foldInSlices(glance: GlancePhrase, frozen: Frequencies): Promise<FoldedPhrase> {
  const folding = glance.fold(frozen);
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const step = folding.next();
    if (step.done === true) return step.value;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + sliceMs;
  }
}

function glanceAt(
  table: ShapeTable,
  folded: FoldedPhrase,
  from: number,
  to: number,
  scores: Float32Array,
): void {
  const { windowLines, pieceStarts, pieceCounts, keys } = table;
  const { pieces } = table.arena;
  for (let shape = from; shape < to; shape += 1) {
    if (windowLines[shape] === 0 || keys[shape] === undefined) continue;
    const count = pieceCounts[shape]!;
    scores[shape] = folded.score(pieces, pieceStarts[shape]!, count, table.troubleOf(shape));
  }
}

/** A glance at every shape of the window, in slices that leave the thread responsive. */
import type { Frequencies } from '../glance/document-frequencies.ts';
import type { FoldedPhrase, GlancePhrase } from '../glance/glance.ts';
import { Slices } from '../shared/slices.ts';
import type { ShapeTable } from '../window/shape-table.ts';

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
  const slices = new Slices();
  for (let from = 0; from < end; from += shapesAStep) {
    glanceAt(table, folded, from, Math.min(end, from + shapesAStep), scores);
    if (slices.isOver) await slices.next();
  }
  return scores;
}

async function foldInSlices(glance: GlancePhrase, frozen: Frequencies): Promise<FoldedPhrase> {
  const folding = glance.fold(frozen);
  const slices = new Slices();
  for (;;) {
    const step = folding.next();
    if (step.done === true) return step.value;
    if (slices.isOver) await slices.next();
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
    const key = keys[shape];
    if (windowLines[shape] === 0 || key === undefined) continue;
    scores[shape] = folded.score(
      pieces,
      pieceStarts[shape]!,
      pieceCounts[shape]!,
      table.troubleOf(shape),
      key,
    );
  }
}

/**
 * What the lines of a window have in common, as one direction, and how far each shape is from it; where
 * every shape is read. Distance from the centroid says little of what is worth a person's time
 * (bench/news): this is for comparing vectors, `imesde new` for telling news.
 */
import type { RowSet } from '../ring/row-set.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from '../scan/dot.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import type { Match } from './match.ts';

export interface ReadShapes {
  readonly ring: VectorRing;
  /** Rows of shapes in the window. */
  readonly inWindow: RowSet;
  /** By row. */
  readonly shapeOfRow: Uint32Array;
  readonly table: Pick<ShapeTable, 'windowLines'>;
  readonly window: Pick<Window, 'newestOf'>;
}

/** @returns the mean of all lines' vectors, not normalised: shape [dimensions]; zeros without lines */
export function centroidOf({ ring, inWindow, shapeOfRow, table }: ReadShapes): Float32Array {
  const { dimensions } = ring.layout;
  const sum = new Float64Array(dimensions);
  let count = 0;
  for (const row of inWindow.rows.subarray(0, inWindow.size)) {
    const lines = table.windowLines[shapeOfRow[row]!]!;
    const vector = ring.vector(row);
    for (let i = 0; i < dimensions; i += 1) sum[i]! += lines * vector[i]!;
    count += lines;
  }
  return Float32Array.from(sum, (value) => value / Math.max(1, count));
}

/**
 * Each shape of the window with its cosine to the centroid, the farthest first.
 * @returns score: -1 to 1; the shape's newest line, and how many it has
 */
export function scoresFromCentroid(shapes: ReadShapes): Omit<Match, 'query'>[] {
  const { ring, inWindow, shapeOfRow, table, window } = shapes;
  const { stride } = ring.layout;
  const centroid = new Float64Array(stride);
  centroid.set(centroidOf(shapes));
  const length = Math.hypot(...centroid) || 1;
  const scored = Array.from(inWindow.rows.subarray(0, inWindow.size), (row) => {
    const shape = shapeOfRow[row]!;
    const { number: line, time, text } = window.newestOf(shape);
    const score = dot(ring.vectors, row * stride, centroid, stride) / length;
    return { score, count: table.windowLines[shape]!, line, time, text };
  });
  return scored.sort((one, other) => one.score - other.score || other.line - one.line);
}

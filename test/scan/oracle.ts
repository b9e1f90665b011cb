/** The plain way to the nearest rows: every score, then a sort. */
import type { VectorRing } from '../../src/ring/vector-ring.ts';
import { dot } from '../../src/scan/dot.ts';
import type { ScanRequest } from '../../src/scan/scanner.ts';
import type { ScanMatch } from '../../src/scan/top-k.ts';

export function nearestRows(
  ring: VectorRing,
  query: Float32Array,
  { rows, rowCount, k, tieBreak }: Omit<ScanRequest, 'queries'>,
): ScanMatch[] {
  const { stride } = ring.layout;
  const padded = new Float64Array(stride);
  const inverse = 1 / Math.sqrt(query.reduce((sum, value) => sum + value * value, 0));
  for (const [i, value] of query.entries()) padded[i] = value * inverse;
  return [...rows.subarray(0, rowCount)]
    .map((row) => ({ row, score: dot(ring.vectors, row * stride, padded, stride) }))
    .sort((a, b) => b.score - a.score || tieBreak[b.row]! - tieBreak[a.row]! || a.row - b.row)
    .slice(0, k);
}

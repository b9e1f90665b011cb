// Prints what a scan of some rows finds, and by which kernel. Runs the build.
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { Scanner } from '../../dist/scan/scanner.js';

const rowCount = 2000;
const dimensions = 96;
const ring = VectorRing.create({ rowCount, dimensions });
const vectorOf = (seed) =>
  Float32Array.from({ length: dimensions }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
for (let row = 0; row < rowCount; row += 1) ring.write(row, vectorOf(row), 0);
const scanner = new Scanner({ ring, generations: new Uint32Array(rowCount) });
const matches = scanner.scanTopK({
  queries: [vectorOf(-1), vectorOf(0.5)],
  rows: Int32Array.from({ length: rowCount }, (_, row) => row),
  rowCount,
  k: 50,
  tieBreak: new Float64Array(rowCount),
});
const memory = ring.handle.memory.constructor.name;
console.log(JSON.stringify({ memory, kernel: scanner.kernelName, matches }));

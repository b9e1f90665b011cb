// Rewrites rows it is lent as fast as it can, with garbage first. Runs the build.
import { parentPort, workerData } from 'node:worker_threads';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { markedVector } from './marked-vector.mjs';

const ring = VectorRing.attach(workerData.ring);
const { dimensions } = workerData.ring;

parentPort.on('message', (leases) => {
  if (leases === undefined) {
    parentPort.close();
    return;
  }
  for (const { row, mark } of leases) {
    // What is under lease may hold anything, and anything may be seen of it half written.
    for (let i = 1; i <= 4; i += 1) ring.write(row, markedVector(mark + i * 0.1, dimensions), 0);
    ring.write(row, markedVector(mark, dimensions), 0);
  }
  parentPort.postMessage(leases);
});

/** A Python that has the peers, and a conversation with peers.py. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const packages = [
  'faiss-cpu==1.15.1',
  'usearch==2.26.6',
  'imesde==0.5.0',
  'onnx==1.23.2',
  'numpy==2.4.6',
];

/** PYTHON, or else a virtual environment in the temporary folder, made where there is none yet. */
export function pythonWithPeers() {
  if (process.env.PYTHON) return process.env.PYTHON;
  const folder = path.join(os.tmpdir(), 'imesde-bench-scan-venv');
  const python = path.join(folder, 'bin', 'python');
  const isComplete = path.join(folder, 'complete');
  if (!existsSync(isComplete)) {
    process.stderr.write(`making ${folder} with ${packages.join(', ')}\n`);
    execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' });
    execFileSync('touch', [isComplete]);
  }
  return python;
}

/** @returns an `ask` that sends one JSON line and resolves to the answer, and a `close` */
export async function talkToPeers(python, args) {
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', RAYON_NUM_THREADS: '1' };
  const script = new URL('peers.py', import.meta.url).pathname;
  const child = spawn(python, [script, ...args], {
    env: { ...process.env, ...one },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('peers.py ended early');
    return JSON.parse(value);
  };
  await answer();
  return {
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}

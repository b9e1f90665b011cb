/** The peers: a Python that has them, and the model as they want it. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('../../model/build/', import.meta.url));
const distil = fileURLToPath(new URL('distill.py', import.meta.url));
/** All models are files of this machine. */
const offline = { HF_HUB_OFFLINE: '1' };
const packages = ['sentence-transformers==6.2.0', 'imesde==0.5.0', 'model2vec[distill]==0.10.0'];

/**
 * @param folder - where they are made when they are not there yet: about 2 GB
 * @returns PYTHON or a Python of its own, the Rust engine's model (int8 by quantize_dynamic) with the
 * published tokenizer and with one that does not pad, the published model, and the static one
 * distilled from that
 */
export function peersIn(folder = path.join(os.tmpdir(), 'imesde-bench-peers')) {
  const own = path.join(folder, 'venv', 'bin', 'python');
  const python = process.env.PYTHON ?? own;
  const rustModel = path.join(folder, 'rust');
  const published = path.join(folder, 'all-MiniLM-L6-v2');
  const distilled = path.join(folder, 'model2vec');
  const complete = path.join(folder, 'complete');
  const rustUnpadded = path.join(folder, 'rust-unpadded');
  const content = `${packages.join('\n')}\nrust-unpadded\n`;
  const peers = { python, rustModel, rustUnpadded, published, distilled };
  if (existsSync(complete) && readFileSync(complete, 'utf8') === content) return peers;
  process.stderr.write(`making ${folder}: ${packages.join(', ')} and their models\n`);
  mkdirSync(folder, { recursive: true });
  const run = (command, args) =>
    execFileSync(command, args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...offline, PYTHONDONTWRITEBYTECODE: '1' },
    });
  if (python === own) {
    run('python3', ['-m', 'venv', path.join(folder, 'venv')]);
    // The pinned torch first: what comes after is content with it, though not with transformers.
    run(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(build, 'requirements.txt')]);
    run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  }
  run(python, [path.join(build, 'make.py'), '--work', folder, '--peer', rustModel]);
  takePaddingOut(rustModel, rustUnpadded);
  run(python, [distil, published, distilled]);
  writeFileSync(complete, content);
  return peers;
}

/**
 * The published tokenizer pads every text to 128 tokens, and the Rust engine reads what it is given,
 * padding included: that is how it comes, but not the best it can do.
 */
function takePaddingOut(model, folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(model, 'model.onnx'), path.join(folder, 'model.onnx'));
  const tokenizer = JSON.parse(readFileSync(path.join(model, 'tokenizer.json'), 'utf8'));
  tokenizer.padding = null;
  writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
}

/** @returns what peers.py measured: lines, seconds, linesPerSecond, startSeconds, peakMib */
export function measurePeer(python, peer, model, linesFile) {
  const script = fileURLToPath(new URL('peers.py', import.meta.url));
  return askPeer(python, [script, peer, '--model', model, '--lines', linesFile]);
}

/** Runs a script on all cores. @returns the object in the last line of its stdout */
export function askPeer(python, args) {
  const threads = ['--threads', String(os.availableParallelism())];
  const out = execFileSync(python, [...args, ...threads], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...offline, TOKENIZERS_PARALLELISM: 'true' },
  });
  return JSON.parse(out.trim().split('\n').at(-1));
}

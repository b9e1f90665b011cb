/** Runs the real binary on a pipe, and watches it. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../bin/imesde.js', import.meta.url));

/** Memory is looked at this often; its high-water mark never falls, so only the end can be missed. */
const watchMs = 20;

/** The largest resident memory of a process so far, in KiB; undefined once it has ended. */
export function peakKib(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * A FIFO that some files are written into, one after the other. A pipe between two children of Node
 * would be a socket, which reads otherwise than the pipe of a shell.
 * @returns the descriptor of its reading end
 */
export function pipeOf(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-pipe-'));
  const fifo = path.join(folder, 'pipe');
  execFileSync('mkfifo', ['-m', '600', '--', fifo]);
  spawn(
    'sh',
    ['-c', 'exec 2>/dev/null; out=$1; shift; exec cat -- "$@" > "$out"', 'sh', fifo, ...files],
    {
      stdio: 'ignore',
    },
  );
  const fd = openSync(fifo, 'r'); // Waits for the writer.
  rmSync(folder, { recursive: true });
  return fd;
}

/**
 * @param {string[]} args - of imesde
 * @param {string[]} files - its input
 * @param program - its binary: this checkout's, or another's
 * @returns its wall time from start to exit, its peak of resident memory, what it wrote, the shapes
 * in its window at the end and how many it read with the model
 */
export async function runBinary(args, files, program = bin) {
  const fd = pipeOf(files);
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: [fd, 'pipe', 'pipe'] });
  closeSync(fd);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  let peak = 0;
  const watch = setInterval(() => {
    peak = peakKib(child.pid) || peak;
  }, watchMs);
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1_000;
  if (exitCode > 1) throw new Error(`imesde ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  const [, read, waiting] = /lines: read (\d+) = waiting (\d+)/.exec(stderr) ?? [];
  // Builds in which every shape was read said `embedded`.
  const [, shapes, readings] =
    /shapes: (\d+) in the window, (\d+) (?:read|embedded)/.exec(stderr) ?? [];
  if (waiting !== '0') throw new Error(`no summary, or lines were not committed: ${stderr}`);
  return {
    seconds,
    lines: Number(read),
    shapes: Number(shapes),
    readings: Number(readings),
    peakMib: peak / 1024,
    stdout,
  };
}

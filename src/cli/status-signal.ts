/**
 * SIGUSR1 asks how a run is doing. bin/imesde.js listens first, before anything is imported: left to
 * itself, Node opens its debugger's port.
 */
const signal = 'SIGUSR1';

/** @param tell - one line, without `imesde: ` and its end */
export function answerStatusSignal(tell: () => string): void {
  const earlier = process.listeners(signal);
  process.on(signal, () => {
    process.stderr.write(`imesde: ${tell()}\n`);
  });
  // Only now, for without any listener the signal would end the process.
  for (const listener of earlier) process.off(signal, listener);
}

/** A line on stderr that tells how far a long query has read, and is gone when it is done. */
import type { Engine } from '../../engine/engine.ts';
import { formatWhole } from '../../output/whole-number.ts';

/** Short runs print nothing. */
const firstMs = 1_000;
const everyMs = 250;
/** Back to the start of the line, and all of it erased. */
const eraseLine = '\r\u001b[K';

/**
 * @param wanted - of --progress and --no-progress; otherwise on where stderr is a terminal and
 * stdout, which would be torn, is not
 * @returns ends it
 */
export function showProgress(engine: Engine, wanted: boolean | undefined): () => void {
  const isOn = wanted ?? (process.stderr.isTTY && !process.stdout.isTTY);
  if (!isOn) return () => undefined;
  let isShown = false;
  const show = (): void => {
    const { read, readings, waiting, uptimeMs } = engine.stats();
    if (uptimeMs < firstMs) return;
    isShown = true;
    const waits = waiting > 0 ? `, ${formatWhole(waiting)} waiting for the model` : '';
    process.stderr.write(
      `${eraseLine}imesde: ${formatWhole(read)} lines read, ${formatWhole(readings)} shapes${waits}`,
    );
  };
  const timer = setInterval(show, everyMs).unref();
  return () => {
    clearInterval(timer);
    if (isShown) process.stderr.write(eraseLine);
  };
}

/** A line on stderr that tells how far a long query has read, and is gone when it is done. */
import { RateMeter } from '../../control/rate-meter.ts';
import type { Engine } from '../../engine/engine.ts';
import { formatWhole } from '../../output/whole-number.ts';
import type { BytesRead, InputProgress } from '../input-progress.ts';
import { formatShare, formatTimeLeft } from '../status-line.ts';

/** Short runs print nothing. */
const firstMs = 1_000;
const everyMs = 250;
/** Back to the start of the line, and all of it erased. */
const eraseLine = '\r\u001b[K';

/**
 * @param wanted - of --progress and --no-progress; otherwise on where stderr is a terminal: nothing
 * is printed before reading has ended
 * @returns ends it
 */
export function showProgress(
  engine: Pick<Engine, 'stats'>,
  input: InputProgress,
  wanted: boolean | undefined,
): () => void {
  const isOn = wanted ?? process.stderr.isTTY;
  if (!isOn) return () => undefined;
  let isShown = false;
  const lines = new RateMeter();
  const bytes = new RateMeter();
  const show = (): void => {
    const { read, readings, waiting, uptimeMs } = engine.stats();
    const far = doneOf(input.read(), read, waiting);
    const now = performance.now();
    lines.sample(read, now);
    bytes.sample(far?.bytes ?? 0, now);
    if (uptimeMs < firstMs) return;
    isShown = true;
    const parts = [
      ...(far === undefined
        ? [`${formatWhole(read)} lines read`, `${formatWhole(lines.perSecond(read, now))} lines/s`]
        : [
            `${formatShare(far)}, ${formatWhole(read)} lines read`,
            ...formatTimeLeft(far, bytes.perSecond(far.bytes, now)),
          ]),
      `${formatWhole(readings)} shapes`,
      ...(waiting > 0 ? [`${formatWhole(waiting)} waiting for the model`] : []),
    ];
    process.stderr.write(`${eraseLine}imesde: ${parts.join(', ')}`);
  };
  const timer = setInterval(show, everyMs).unref();
  return () => {
    clearInterval(timer);
    if (isShown) process.stderr.write(eraseLine);
  };
}

/** Lines that wait for the model are read, but not done. */
function doneOf(far: BytesRead | undefined, read: number, waiting: number): BytesRead | undefined {
  if (far === undefined || read === 0) return far;
  return { ...far, bytes: far.bytes * (1 - waiting / read) };
}

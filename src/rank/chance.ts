/**
 * The chance that a line answers, of its raw score T: σ(a + b · T + c · (T − yardstick)), a logistic
 * regression on labelled lines (bench/quality/README.md). Pure: whoever merges what several instances
 * answer computes it anew, against the best T of them all.
 */
const a = -5.5;
const b = 8.8;
const c = 3.4;
/** The yardstick of prose, where the best line says little about the others. */
const proseYardstick = 0.74;

/** What a score is measured by: in logs the best line, in prose always the same. */
export function yardstickOf(best: number, prose: number): number {
  return best + prose * (proseYardstick - best);
}

export function chanceOf(raw: number, best: number, prose: number): number {
  return 1 / (1 + Math.exp(-(a + b * raw + c * (raw - yardstickOf(best, prose)))));
}

/** The T that gives this chance: (−a + c · yardstick + ln(p / (1 − p))) / (b + c). */
export function rawOf(chance: number, best: number, prose: number): number {
  if (chance <= 0) return -Infinity;
  if (chance >= 1) return Infinity;
  return (-a + c * yardstickOf(best, prose) + Math.log(chance / (1 - chance))) / (b + c);
}

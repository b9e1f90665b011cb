/**
 * How far below the raw score that it needs a glance may lie so that the reading is still looked at.
 * Glances lie below readings by an amount that depends on the phrase: for one whose words mean much
 * together and little alone by .1 to .2, for a plain one by nothing. So each watch learns it from its
 * own readings. Measured in bench/glance, with what is lost and what is read in vain.
 */
const least = 0.2;
/** What is learned from: readings that come as near to the needed score, or reach it. */
const near = 0.3;
/** The share of them that the margin covers. */
const quantile = 0.75;

/** Gaps are counted in steps up to the largest that counts. */
const gapStep = 0.01;
const gapMax = 0.25;
const bins = Math.round(gapMax / gapStep) + 1;

export class Margin {
  /** How often readings lay so many steps above their glances. */
  readonly #counts = new Uint32Array(bins);
  #total = 0;
  value = least;

  /**
   * A shape was read.
   * @param needed - the raw score that would have been enough
   */
  learn(glance: number, reading: number, needed: number): void {
    if (!(reading >= needed - near)) return;
    const gap = Math.round(Math.min(gapMax, Math.max(0, reading - glance)) / gapStep);
    this.#counts[gap]! += 1;
    this.#total += 1;
    let seen = 0;
    let bin = 0;
    while (bin < bins - 1 && (seen += this.#counts[bin]!) <= quantile * this.#total) bin += 1;
    this.value = least + bin * gapStep;
  }
}

/** Samples kept, one a second: the rate is that of the last ten seconds. */
const samplesMax = 10;

/** How fast a count grows, over the last seconds rather than since the start weeks ago. */
export class RateMeter {
  #samples: { readonly count: number; readonly ms: number }[] = [];

  /** Told about once a second. @param ms - of a clock that never jumps */
  sample(count: number, ms: number): void {
    this.#samples = [...this.#samples.slice(1 - samplesMax), { count, ms }];
  }

  perSecond(count: number, ms: number): number {
    const [oldest] = this.#samples;
    if (oldest === undefined || ms <= oldest.ms) return 0;
    return ((count - oldest.count) / (ms - oldest.ms)) * 1000;
  }
}

/** What the shapes that a watch glanced at have in common with its phrase: μ of glance/glance-way.ts. */
import type { GlancePhrase } from '../glance/glance.ts';

/** The mean is drawn to nothing as by so many more: as in background.ts. */
const priorShapes = 8;

export class GlanceMeans {
  /** By way of the phrase. */
  readonly values: Float64Array;
  readonly #glance: GlancePhrase | undefined;
  #shapes = priorShapes;

  constructor(glance: GlancePhrase | undefined) {
    this.#glance = glance;
    this.values = new Float64Array(glance?.ways.length ?? 0);
  }

  /** The phrase has glanced at a new shape just now. */
  learn(): void {
    this.#shapes += 1;
    this.#glance?.ways.forEach(({ whole }, way) => {
      this.values[way]! += (whole - this.values[way]!) / this.#shapes;
    });
  }
}

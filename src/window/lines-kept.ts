import type { PhraseLiterals } from '../glance/phrase-literals.ts';
import { flatCopy } from '../shared/flat-copy.ts';
import type { WindowLine } from './window.ts';

interface Kept {
  readonly share: number;
  readonly line: WindowLine;
}

/** Of each shape the newest line that holds most of a phrase's literals, where only few lines are kept. */
export class LinesKept {
  readonly #phrases: { literals: PhraseLiterals; byShape: Map<number, Kept> }[] = [];

  add(literals: PhraseLiterals): void {
    this.#phrases.push({ literals, byShape: new Map() });
  }

  note(shape: number, text: string, number: number, time: number): void {
    for (const { literals, byShape } of this.#phrases) {
      const share = literals.shareIn(text);
      if (share === 0 || share < (byShape.get(shape)?.share ?? 0)) continue;
      byShape.set(shape, { share, line: { text: flatCopy(text, 2), number, time } });
    }
  }

  linesOf(shape: number): readonly WindowLine[] {
    return this.#phrases.flatMap(({ byShape }) => byShape.get(shape)?.line ?? []);
  }

  forget(shape: number): void {
    for (const { byShape } of this.#phrases) byShape.delete(shape);
  }
}

import type { PhraseNumbers } from '../glance/phrase-numbers.ts';
import { flatCopy } from '../shared/flat-copy.ts';
import type { WindowLine } from './window.ts';

interface Kept {
  readonly share: number;
  readonly line: WindowLine;
}

/** Of each shape the newest line that holds most of a phrase's numbers, where only few lines are kept. */
export class NumberedLines {
  readonly #phrases: { numbers: PhraseNumbers; byShape: Map<number, Kept> }[] = [];

  add(numbers: PhraseNumbers): void {
    this.#phrases.push({ numbers, byShape: new Map() });
  }

  note(shape: number, text: string, number: number, time: number): void {
    for (const { numbers, byShape } of this.#phrases) {
      const share = numbers.shareIn(text);
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

/** Lines that hold the literals of a phrase: they speak for their shapes. */
import { Slices } from '../shared/slices.ts';
import type { Window, WindowLine } from '../window/window.ts';
import type { PhraseRanking } from './ranking.ts';

/** The newest line of a shape that holds most of the literals, and what it scores for that. */
export interface HeldLiterals {
  readonly extra: number;
  readonly line: WindowLine;
}

const everyShape = { has: () => true };
/** Lines between two looks at the clock. */
const linesAStep = 256;

/** @returns by shape; nothing for a phrase without literals */
export async function linesHolding(
  phrase: PhraseRanking,
  window: Window,
): Promise<Map<number, HeldLiterals>> {
  const held = new Map<number, HeldLiterals>();
  if (phrase.literals === undefined) return held;
  const slices = new Slices();
  let count = 0;
  for (const { shape, ...line } of window.linesOf(everyShape)) {
    const extra = extraOf(phrase, line.text);
    if (extra > (held.get(shape)?.extra ?? 0)) held.set(shape, { extra, line });
    count += 1;
    if (count % linesAStep === 0 && slices.isOver) await slices.next();
  }
  return held;
}

/** What a line scores beyond its shape. */
export function extraOf({ literals, literalsWeight }: PhraseRanking, text: string): number {
  return literals === undefined ? 0 : literalsWeight * literals.shareIn(text);
}

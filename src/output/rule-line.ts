/** On a terminal, a line between what answers and what is merely nearest. */
import { styleText } from 'node:util';
import type { MatchFormat } from './printed-match.ts';

const dashes = '─'.repeat(8);

export function formatRule(minScore: number, { color }: Pick<MatchFormat, 'color'>): string {
  const rule = `${dashes} below ${minScore}: near, but no answer ${dashes}`;
  return `${color ? styleText('dim', rule, { validateStream: false }) : rule}\n`;
}

/** Whether a match is the first, best first, that lies below the threshold. */
export function isFirstBelow(
  matches: readonly { readonly score: number }[],
  index: number,
  minScore: number,
): boolean {
  const isBelow = (at: number): boolean => (matches[at]?.score ?? Infinity) < minScore;
  return isBelow(index) && !isBelow(index - 1);
}

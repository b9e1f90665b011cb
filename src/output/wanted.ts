import type { SearchOptions } from '../rank/match.ts';
import type { MatchFormat } from './printed-match.ts';

/** What else is to be found out of matches, for them to look so. */
export function wantedFor(format: MatchFormat): Pick<SearchOptions, 'explain' | 'when'> {
  const { json, color, terminal, chop, explain } = format;
  const showsMet = !json && (color || (terminal && chop === true));
  return {
    explain: explain === true || showsMet ? true : undefined,
    when: terminal && !json ? true : undefined,
  };
}

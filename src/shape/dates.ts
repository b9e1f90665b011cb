/** What names of months and days stand beside in dates. */
import { characterKinds, digit, lower, upper } from './characters.ts';
import { calendar, kindsOfWord } from './known-words.ts';
import { isDigit } from './peek.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';

const space = 0x20;
const dash = 0x2d;

/**
 * A day's number or a month's name right behind a date's part: `Mar  4 05:06`, `Sat Jul`, `Oct/2023`,
 * but not `May 5 people`.
 */
export function datePartFollows(codes: Uint16Array, end: number): boolean {
  let i = end;
  while (i < end + 2 && isDateGap(codes[i]!)) i += 1;
  if (i === end) return false;
  if (isDigit(codes[i]!)) {
    let past = i;
    while (isDigit(codes[past]!)) past += 1;
    if (past - i > 4) return false;
    return codes[past] !== space || characterKinds[codes[past + 1]!] !== lower;
  }
  if (characterKinds[codes[i]!] !== upper) return false;
  let hash = hashStart;
  for (let k = 0; k < 3; k += 1) hash = hashStep(hash, codes[i + k]! | 32);
  const after = codes[i + 3]!;
  return (kindsOfWord(hash) & calendar) !== 0 && !(characterKinds[after]! >= digit);
}

/** 10-Oct, 10/Oct: a month behind a day. */
export function isDateJoint(codes: Uint16Array, gapStart: number, start: number): boolean {
  return start - gapStart === 1 && (codes[gapStart] === dash || codes[gapStart] === 0x2f);
}

function isDateGap(code: number): boolean {
  return code === space || code === 0x2c || code === 0x2f || code === 0x2d;
}

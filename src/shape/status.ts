/** Where a number of three digits is an HTTP status by its place in the line. */
import { characterKinds, digit } from './characters.ts';
import { isDigit } from './peek.ts';

const space = 0x20;
const slash = 0x2f;
const bar = 0x7c;
const quote = 0x22;
/** As far as a look around reads. */
const reach = 256;

/**
 * @param gapStart - the end of the word before
 * @param afterMethod - GET, POST … was read before
 */
export function isStatusByPlace(
  codes: Uint16Array,
  gapStart: number,
  start: number,
  afterMethod: boolean,
): boolean {
  const first = codes[start]!;
  if (first < 0x31 || first > 0x35) return false;
  const end = start + 3;
  const before = codes[start - 1]!;
  if (before === slash) return isAfterCacheResult(codes, start);
  if (before !== space && before !== 0x6d) return false; // Or the m of a colour.
  if (isBetweenBars(codes, gapStart, start, end)) return true;
  if (isAfterTimers(codes, start - 1) || isBalancers(codes, start, end)) return true;
  return afterMethod && (isAfterTarget(codes, start - 1) || numbersFollow(codes, end, 2));
}

/** gin and fiber: | 502 | 1.2ms | */
function isBetweenBars(codes: Uint16Array, gapStart: number, start: number, end: number): boolean {
  let i = start - 1;
  while (i >= gapStart && codes[i] !== bar) i -= 1;
  if (i < gapStart) return false;
  i = end;
  while (i < end + 16 && codes[i] !== bar) i += 1;
  if (codes[i] !== bar) return false;
  i += 1;
  while (codes[i] === space) i += 1;
  if (!isDigit(codes[i]!)) return false;
  while (isDigit(codes[i]!) || codes[i] === 0x2e) i += 1;
  return characterKinds[codes[i]!]! > digit; // A duration has a unit.
}

/** HAProxy: 0/0/0/12/13 503 */
function isAfterTimers(codes: Uint16Array, end: number): boolean {
  let slashes = 0;
  let i = end - 1;
  for (; i >= 0 && i > end - 48; i -= 1) {
    const code = codes[i]!;
    if (code === slash) slashes += 1;
    else if (!isDigit(code) && code !== 0x2d && code !== 0x2b) break;
  }
  return slashes >= 4 && codes[i] === space;
}

/** Load balancers: 0.001 0.052 0.000 503 502 0 57 "GET */
function isBalancers(codes: Uint16Array, start: number, end: number): boolean {
  let i = start - 2;
  if (isDigit(codes[i]!)) {
    while (isDigit(codes[i]!)) i -= 1;
    if (codes[i] === space && i === start - 5) i -= 1; // The one before it was a status, too.
    while (isDigit(codes[i]!)) i -= 1;
    if (codes[i] !== 0x2e) return false;
  } else if (codes[i] !== 0x2d) {
    return false;
  }
  i = end;
  while (i < end + 48 && (codes[i] === space || codes[i] === 0x2d || isDigit(codes[i]!))) i += 1;
  return codes[i] === quote && characterKinds[codes[i + 1]!]! > digit && i > end + 3;
}

/** Squid: TCP_MISS/503 */
function isAfterCacheResult(codes: Uint16Array, start: number): boolean {
  let i = start - 2;
  while (i > start - 40 && characterKinds[codes[i]!]! > digit) i -= 1;
  if (codes[i] !== 0x5f) return codes[i + 1] === 0x4e && i === start - 6; // NONE/503
  return codes[i - 1] === 0x50 && codes[i - 3] === (codes[i - 2] === 0x43 ? 0x54 : 0x55);
}

/** GET /cart 503, "GET /cart HTTP/1.1" 503, GET https://… 503 */
function isAfterTarget(codes: Uint16Array, end: number): boolean {
  let hasScheme = false;
  let i = end - 1;
  for (; i >= 0 && i > end - reach && codes[i]! > space; i -= 1) {
    if (codes[i] === slash && codes[i + 1] === slash) hasScheme = true;
  }
  const first = codes[i + 1]!;
  return hasScheme || first === slash || (first === 0x48 && codes[i + 5] === slash);
}

/** W3C: 503 0 64 31 */
function numbersFollow(codes: Uint16Array, end: number, count: number): boolean {
  let i = end;
  for (let k = 0; k < count; k += 1) {
    if (codes[i] !== space || !isDigit(codes[i + 1]!)) return false;
    i += 2;
    while (isDigit(codes[i]!)) i += 1;
  }
  return codes[i] === space || codes[i] === 0;
}

/** A string of JSON as text, in its own place: what is escaped never gets longer. */
import { digitValue } from './escapes.ts';

const backslash = 0x5c;
const blank = 0x20;

/**
 * Decodes \n, \" and \u00e9 between start and end; what is left over is filled with NUL.
 * @returns where the text ends
 */
export function decodeJsonText(codes: Uint16Array, start: number, end: number): number {
  let i = start;
  while (i < end && codes[i] !== backslash) i += 1;
  if (i >= end) return end;
  let out = i;
  while (i < end) {
    let code = codes[i]!;
    i += 1;
    if (code === backslash && i < end) {
      code = codes[i]!;
      i += 1;
      switch (code) {
        case 0x6e: // n
        case 0x72: // r
        case 0x74: // t
        case 0x62: // b
        case 0x66: // f
          code = blank;
          break;
        case 0x75: {
          const unit = unitAt(codes, i, end);
          if (unit === -1) break;
          code = unit < blank && unit !== 0x1b && unit !== 0x07 ? blank : unit;
          i += 4;
          break;
        }
        case 0x78: // x, as Go and Python write bytes
          if (i + 2 <= end && digitValue(codes[i]!) < 2 && digitValue(codes[i + 1]!) < 16) {
            code = digitValue(codes[i]!) * 16 + digitValue(codes[i + 1]!);
            i += 2;
          }
          break;
      }
    }
    codes[out] = code;
    out += 1;
  }
  codes.fill(0, out, end);
  return out;
}

function unitAt(codes: Uint16Array, start: number, end: number): number {
  if (start + 4 > end) return -1;
  let unit = 0;
  for (let i = start; i < start + 4; i += 1) {
    const value = digitValue(codes[i]!);
    if (value > 15) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

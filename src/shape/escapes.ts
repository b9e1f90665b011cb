/**
 * What steers a terminal and is no text (ECMA-48): colours, titles of windows, targets of links.
 * Each of these reads a bounded number of code units.
 */
const bell = 0x07;
const escape = 0x1b;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const backslash = 0x5c;
const hash = 0x23;
const caret = 0x5e;

/** An unfinished title or link swallows no more than a terminal's own bound would. */
const stringCharsMax = 4_096;

/** @returns where text goes on behind the sequence whose ESC ends before `start` */
export function escapeEnd(codes: Uint16Array, start: number, length: number): number {
  const code = codes[start]!;
  if (code === openBracket) return controlSequenceEnd(codes, start + 1);
  // ] a title or link, P a device's string, X ^ _ other strings.
  if (code === closeBracket || code === 0x50 || code === 0x58 || code === caret || code === 0x5f) {
    return stringEnd(codes, start + 1, Math.min(length, start + stringCharsMax));
  }
  // Such as ( B, the choice of a character set; then those of two characters.
  let i = start;
  while (codes[i]! >= 0x20 && codes[i]! <= 0x2f && i < start + 4) i += 1;
  return codes[i]! >= 0x30 && codes[i]! <= 0x7e ? i + 1 : i;
}

/** Parameters, intermediates, a final character. */
export function controlSequenceEnd(codes: Uint16Array, start: number): number {
  let i = start;
  while (codes[i]! >= 0x20 && codes[i]! <= 0x3f) i += 1;
  return codes[i]! >= 0x40 && codes[i]! <= 0x7e ? i + 1 : i;
}

/** Behind BEL or ESC \, however they are written; at the start where there is no end. */
function stringEnd(codes: Uint16Array, start: number, limit: number): number {
  for (let i = start; i < limit; i += 1) {
    const code = codes[i]!;
    if (code === bell || code === 0x9c) return i + 1;
    if (code === escape) return codes[i + 1] === backslash ? i + 2 : i;
    if (code === hash || code === caret || code === backslash) {
      const past = spelledEnd(codes, i);
      if (past === -1) continue;
      const control = spelledControl;
      if (control === bell) return past;
      if (control === escape) return codes[past] === backslash ? backslashEnd(codes, past) : i;
    }
  }
  return start;
}

function backslashEnd(codes: Uint16Array, at: number): number {
  return codes[at + 1] === backslash ? at + 2 : at + 1;
}

/** The control character that spelledEnd has read. */
let spelledControl = 0;

/**
 * A control character written out: #033, ^[, \033, \x1b, \u001b, \e, \a.
 * @returns its end, or -1 where there is none
 */
function spelledEnd(codes: Uint16Array, start: number): number {
  const code = codes[start]!;
  if (code === hash) return numberEnd(codes, start + 1, 3, 8);
  const next = codes[start + 1]!;
  if (code === caret) {
    if (next < 0x40 || next > 0x5f) return -1;
    spelledControl = next - 0x40;
    return start + 2;
  }
  switch (next) {
    case 0x30: // 0
      return numberEnd(codes, start + 1, 3, 8);
    case 0x78: // x
      return numberEnd(codes, start + 2, 2, 16);
    case 0x75: // u
      return numberEnd(codes, start + 2, 4, 16);
    case 0x65: // e
    case 0x45:
      spelledControl = escape;
      return start + 2;
    case 0x61: // a
      spelledControl = bell;
      return start + 2;
    default:
      return -1;
  }
}

function numberEnd(codes: Uint16Array, start: number, digits: number, base: number): number {
  let value = 0;
  for (let i = start; i < start + digits; i += 1) {
    const one = digitValue(codes[i]!);
    if (one >= base) return -1;
    value = value * base + one;
  }
  if (value >= controlEnd) return -1;
  spelledControl = value;
  return start + digits;
}

const controlEnd = 0x20;

/** 0 … 15, or more where it is no hexadecimal digit. */
export function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : 16;
}

/**
 * A control character written out, and the sequence that it begins.
 * @returns where text goes on, or -1 where there is nothing of the kind
 */
export function spelledEscapeEnd(codes: Uint16Array, start: number, length: number): number {
  const past = spelledEnd(codes, start);
  if (past === -1) return -1;
  // Two characters may mean themselves.
  const isShort = past === start + 2;
  if (spelledControl !== escape) return isShort ? -1 : past;
  const code = codes[past]!;
  if (code === openBracket) {
    const end = controlSequenceEnd(codes, past + 1);
    // `^[[a-z]` is a pattern, `^[[0m` is a colour.
    const isSequence = end > past + 2 || codes[past + 1] === 0x6d || codes[past + 1] === 0x4b;
    return isSequence ? end : -1;
  }
  if (code === closeBracket || code === 0x28) return escapeEnd(codes, past, length);
  return isShort ? -1 : past;
}

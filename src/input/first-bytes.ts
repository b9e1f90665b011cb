/**
 * What the first bytes of a line rule out: nearly every line of an ordinary log neither continues the
 * line above nor opens a block, and that is seen here without looking at its text.
 */

/** By the first byte: nothing, any line, or what more must be looked at. */
const never = 0;
const always = 1;
const bySecond = 2;
const byName = 3;

/** Second bytes that go with a first one, for lines that begin with no blank and no bracket. */
const pairs: Readonly<Record<string, string>> = {
  '"': '}', // "} after the frames of Laravel.
  '#': '0123456789', // #0 /app/a.php(7): f()
  '(': 'U', // (Use `node --trace-uncaught …)
  '-': '-', // -----BEGIN, --- End of stack trace
  '.': '.', // ... 12 more
  '<': '/', // </root>
  '[': 's', // [signal SIGSEGV, [stacktrace]
  C: 'a', // Caused by:
  N: 'o', // Node.js v20
  P: 'C', // PC=0x46
  S: 'IityY', // SIGQUIT:, Stack trace:, System.Exception:
  T: 'r', // Traceback
  M: 'i', // Microsoft.Data.SqlException:
};
/** With what a line of small letters may begin that is no name with dots: at, goroutine 1, panic: … */
const smallPairs = ['at', 'go', 'pa', 'fa', 'th', 'st', 'cr'];

const kinds = new Uint8Array(256);
const pairKinds = new Uint8Array(256 * 256);
for (const char of ' \t}])/') kinds[char.charCodeAt(0)] = always;
for (const [first, seconds] of Object.entries(pairs)) {
  kinds[first.charCodeAt(0)] = bySecond;
  for (const second of seconds) pairKinds[pairOf(first, second)] = always;
}
for (let code = 0x61; code <= 0x7a; code += 1) kinds[code] = byName;
for (const [first = '', second = ''] of smallPairs) pairKinds[pairOf(first, second)] = always;

/** The longest first part of java.lang.Error or app.rb:3 that is looked for. */
const nameBytesMax = 12;
const dot = 0x2e;
/** So many bytes decide. */
export const firstBytesMax = nameBytesMax + 1;

function pairOf(first: string, second: string): number {
  return (first.charCodeAt(0) << 8) | second.charCodeAt(0);
}

/** Whether the line that begins there may continue the line above, or open a block. */
export function mayJoin(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] ?? 0;
  const kind = kinds[first];
  if (kind === never) return false;
  if (kind === always) return true;
  const second = bytes[start + 1] ?? 0;
  if (pairKinds[(first << 8) | second] === always) return true;
  if (kind === bySecond) return false;
  for (let i = start + 1; i <= start + nameBytesMax; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === dot) return true;
    if (byte <= 0x3d && !(byte >= 0x30 && byte <= 0x39)) return false; // A blank, = or the like.
  }
  return false;
}

const scratch = new Uint8Array(firstBytesMax);

/** The same of a text. */
export function textMayJoin(text: string): boolean {
  const code = text.charCodeAt(0);
  if (code > 0x7f || kinds[code] === never) return false;
  for (let i = 0; i < firstBytesMax; i += 1) {
    const at = text.charCodeAt(i); // NaN behind its end, which is stored as 0.
    scratch[i] = at > 0x7f ? 0x7f : at;
  }
  return mayJoin(scratch, 0);
}

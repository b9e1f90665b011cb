/**
 * What the first bytes of a line rule out: nearly every line of an ordinary log neither continues the
 * line above nor opens a block, and that is seen here without looking at its text.
 */

/** By the first byte: no line, any line, or what more must be looked at. */
const never = 0;
const always = 1;
const bySecond = 2;
const byName = 3;
const byThird = 4;

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
/** With what a line of small letters may begin that is no name with dots. */
const smallWords = ['at ', 'goroutine', 'panic', 'fatal', 'thread', 'stack', 'created'];

/** By the first byte; 0 where no line that begins so may join. */
export const kinds = new Uint8Array(256);
const pairKinds = new Uint8Array(256 * 256);
for (const char of ' \t}])/') kinds[char.charCodeAt(0)] = always;
for (const [first, seconds] of Object.entries(pairs)) {
  kinds[first.charCodeAt(0)] = bySecond;
  for (const second of seconds) pairKinds[pairOf(first, second)] = always;
}
for (let code = 0x61; code <= 0x7a; code += 1) kinds[code] = byName;
for (const [first = '', second = ''] of smallWords) pairKinds[pairOf(first, second)] = byThird;
const thirds = new Set(smallWords.map((word) => word.charCodeAt(2)));

/** The longest first part of java.lang.Error or app.rb:3 that is looked for. */
const nameBytesMax = 12;
const dot = 0x2e;
/** So many bytes decide. */
export const firstBytesMax = nameBytesMax + 2;

function pairOf(first: string, second: string): number {
  return (first.charCodeAt(0) << 8) | second.charCodeAt(0);
}

/** Whether the line that begins there may continue the line above, or open a block. */
export function mayJoin(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] ?? 0;
  const kind = kinds[first];
  if (kind === never || kind === always) return kind === always;
  const pair = pairKinds[(first << 8) | (bytes[start + 1] ?? 0)];
  if (pair === always || kind === bySecond) return pair === always;
  return mayBeName(bytes, start, pair);
}

function mayBeName(bytes: Uint8Array, start: number, pair: number | undefined): boolean {
  if (pair === byThird && thirds.has(bytes[start + 2] ?? 0)) return true;
  for (let i = start + 1; i <= start + nameBytesMax; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === dot) return isNamePart(bytes[i + 1] ?? 0);
    if (!isNamePart(byte)) return false;
  }
  return false;
}

/** The beginning of the text at hand, in bytes; 0 for what is no ASCII. */
const textStart = new Uint8Array(firstBytesMax);

/** The same of a text. */
export function textMayJoin(text: string): boolean {
  const first = text.charCodeAt(0); // NaN behind the end of a text, which is no index.
  const kind = first < 0x80 ? kinds[first] : never;
  if (kind === never || kind === always) return kind === always;
  for (let i = 0; i < firstBytesMax; i += 1) {
    const code = text.charCodeAt(i);
    textStart[i] = code < 0x80 ? code : 0;
  }
  return mayJoin(textStart, 0);
}

/** Letters, digits, _ and $: a name with dots in it has nothing else. */
function isNamePart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x24
  );
}

/** A line of JSON or logfmt as values that have names. */

/** A name with dots: `request.status`, `errors[0].message`, `.msg`. */
export interface FieldPath {
  readonly name: string;
  readonly parts: readonly string[];
}

/** Each further part doubles what is looked at where keys have dots in them. */
export const pathPartsMax = 8;

/** @returns undefined where it names nothing */
export function fieldPath(text: string): FieldPath | undefined {
  const name = text.trim().replace(/^\./, '');
  const parts = name.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return parts.includes('') || parts.length > pathPartsMax ? undefined : { name, parts };
}

export interface LineFields {
  /** A value as text: what is no string as JSON has it, long numbers digit by digit; undefined where there is none. */
  valueOf(path: FieldPath): string | undefined;
}

/**
 * @returns undefined for a line that is neither. JSON may have a tool's prefix before it; logfmt
 * begins with a pair, or has `level=warn` and the like anywhere: then it has `values` but is no
 * logfmt as a whole
 */
export function fieldsOf(text: string): (LineFields & { readonly isWhole: boolean }) | undefined {
  const object = jsonOf(text);
  if (object !== undefined) {
    return {
      isWhole: true,
      valueOf: ({ parts }) => asText(valueAt(object, parts, 0)),
    };
  }
  const pairs = pairsOf(text);
  if (pairs.size === 0) return undefined;
  const [first = ''] = pairs.keys();
  return {
    isWhole: text.trimStart().startsWith(`${first}=`),
    valueOf: ({ name }) => pairs.get(name),
  };
}

function jsonOf(text: string): unknown {
  const start = text.indexOf('{');
  if (start === -1 || !/^\{\s*["}]/.test(text.slice(start, start + 64))) return undefined;
  if (!text.trimEnd().endsWith('}')) return undefined;
  const json = text.slice(start);
  try {
    const object = JSON.parse(json) as unknown;
    return longDigits.test(json) ? JSON.parse(withLongNumbersAsText(json)) : object;
  } catch {
    return undefined; // Cut off, or something else that begins so.
  }
}

function valueAt(value: unknown, parts: readonly string[], from: number): unknown {
  if (from === parts.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  // A key may have dots itself: the longest that is there counts.
  for (let end = parts.length; end > from; end -= 1) {
    const key = parts.slice(from, end).join('.');
    if (!Object.hasOwn(value, key) || (Array.isArray(value) && key === 'length')) continue;
    const found = valueAt((value as Readonly<Record<string, unknown>>)[key], parts, end);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // Nested too deep to be told.
  }
}

/** A number would not keep so many, with a point among them or without. */
const longDigits = /\d[\d.]{15}/;
const numberCharsMax = 15;
const minus = 0x2d;

/** @param json - valid, so that every string has an end */
function withLongNumbersAsText(json: string): string {
  let told = '';
  let from = 0;
  let i = 0;
  while (i < json.length) {
    const code = json.charCodeAt(i);
    if (code === quote) {
      i = valueEnd(json, i);
      continue;
    }
    const start = i;
    i += 1;
    if (code !== minus && !isDigit(code)) continue;
    while (isOfNumber(json.charCodeAt(i))) i += 1;
    if (i - start <= numberCharsMax) continue;
    told += `${json.slice(from, start)}"${json.slice(start, i)}"`;
    from = i;
  }
  return told + json.slice(from);
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** Digits and . + - e E. */
const isOfNumber = (code: number): boolean =>
  isDigit(code) || code === 0x2e || code === 0x2b || code === minus || (code | 0x20) === 0x65;
const isBlank = (code: number): boolean => code <= 0x20;
const equals = 0x3d;
const quote = 0x22;

/** In one pass, without a pattern: nothing in a line makes it slow. The first of a name counts. */
function pairsOf(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  let i = 0;
  while (i < text.length) {
    while (i < text.length && isBlank(text.charCodeAt(i))) i += 1;
    const start = i;
    while (i < text.length && !isBlank(text.charCodeAt(i)) && text.charCodeAt(i) !== equals) i += 1;
    if (text.charCodeAt(i) !== equals || i === start) {
      if (text.charCodeAt(i) === equals) i += 1;
      continue;
    }
    const name = text.slice(start, i);
    const end = valueEnd(text, i + 1);
    if (!pairs.has(name)) pairs.set(name, unquoted(text.slice(i + 1, end)));
    i = end;
  }
  return pairs;
}

function valueEnd(text: string, start: number): number {
  let i = start;
  if (text.charCodeAt(i) === quote) {
    for (i += 1; i < text.length && text.charCodeAt(i) !== quote; i += 1) {
      if (text[i] === '\\') i += 1;
    }
    return Math.min(i + 1, text.length);
  }
  while (i < text.length && !isBlank(text.charCodeAt(i))) i += 1;
  return i;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    return value.replaceAll('"', '');
  }
}

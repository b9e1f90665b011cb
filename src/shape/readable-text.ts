/**
 * A line of JSON or logfmt as a person would rather read it on one row: its level, its message, then the other
 * fields as name=value. All other lines stay as they are.
 */

/** Nested deeper, and more of them, fields tell a person nothing. */
const depthMax = 3;
const fieldsMax = 16;
const levelName = /^(?:@?l|level|lvl|severity|log\.level|levelname)$/i;
/** The first of these that is there. */
const messageNames = [
  /^(?:@?m|msg|message|short_message|MESSAGE|textPayload)$/,
  /^(?:log|event|text|title|body|summary|description)$/i,
  /^(?:err|error|reason|exception|cause)(?:\.message)?$/i,
];
const timeName = /^(?:@?t|ts|time|@?timestamp|datetime|asctime|date)$/i;

/** In logfmt: a name, and its value with or without quotes. */
const pair = /([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;
const logfmtStart = /^[A-Za-z_][\w.@-]*=\S*\s+[A-Za-z_][\w.@-]*=/;
const pairsCharsMax = 4_096;

/** @param text - one line */
export function readableText(text: string): string {
  const fields = text.startsWith('{') ? jsonFields(text) : pairsOf(text);
  if (fields === undefined) return text;
  const level = fields.find(([name]) => levelName.test(name));
  const message = messageNames
    .map((names) => fields.find(([name]) => names.test(name)))
    .find((field) => field !== undefined);
  const rest = fields.filter(
    (field) => field !== level && field !== message && !timeName.test(field[0]),
  );
  return [
    ...(level === undefined ? [] : [level[1]]),
    ...(message === undefined ? [] : [message[1]]),
    ...rest.map(([name, value]) => `${name}=${/\s/.test(value) ? `"${value}"` : value}`),
  ].join(' ');
}

function pairsOf(text: string): (readonly [string, string])[] | undefined {
  if (!logfmtStart.test(text)) return undefined;
  const pairs = [...text.slice(0, pairsCharsMax).matchAll(pair)].map(
    ([, name = '', quoted, bare = '']) => [name, quoted ?? bare] as const,
  );
  return pairs.slice(0, fieldsMax);
}

function jsonFields(text: string): (readonly [string, string])[] | undefined {
  try {
    return flat(JSON.parse(text), '', depthMax).slice(0, fieldsMax);
  } catch {
    return undefined; // Cut off, or nested too deep.
  }
}

function flat(value: unknown, name: string, depth: number): (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') {
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  }
  if (depth === 0) return [];
  if (Array.isArray(value)) {
    const plain = value.filter((one) => typeof one !== 'object');
    return plain.length === 0 ? [] : [[name, plain.slice(0, fieldsMax).join(',')]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, name === '' ? key : `${name}.${key}`, depth - 1),
  );
}

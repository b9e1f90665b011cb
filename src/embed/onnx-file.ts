/**
 * Looks at the outer fields of an ONNX file before the runtime does: a truncated download, a file
 * that is something else, and weights kept in other files, which imesde refuses because they would
 * be read from wherever the model says.
 * Field numbers: onnx.proto3, ModelProto.graph = 7, GraphProto.initializer = 5,
 * TensorProto.data_location = 14 (EXTERNAL = 1).
 */
const graphField = 7;
const initializerField = 5;
const dataLocationField = 14;
const external = 1;

const notOnnx = 'is no ONNX model';
const truncated = 'is truncated';

/** @returns what is wrong, ready to follow the file's name, or undefined */
export function inspectOnnx(bytes: Uint8Array): string | undefined {
  let graph: Field | undefined;
  for (const field of fields(bytes, 0, bytes.length)) {
    if (typeof field === 'string') return field;
    if (field.number === graphField) graph = field;
  }
  if (graph === undefined) return notOnnx;
  for (const field of fields(bytes, graph.start, graph.end)) {
    if (typeof field === 'string') return field;
    if (field.number !== initializerField) continue;
    for (const part of fields(bytes, field.start, field.end)) {
      if (typeof part === 'string') return part;
      if (part.number === dataLocationField && part.value === external) {
        return 'keeps its weights in other files (ONNX external data)';
      }
    }
  }
  return undefined;
}

interface Field {
  readonly number: number;
  /** Of a varint; 0 for other wire types. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** Protocol Buffers wire format: a field is a varint key, then a varint, 8, n or 4 bytes. */
function* fields(bytes: Uint8Array, start: number, end: number): Generator<Field | string> {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  while (at < end) {
    const key = varint();
    const wireType = key % 8;
    const number = Math.floor(key / 8);
    if (!Number.isSafeInteger(number) || number === 0) {
      yield notOnnx;
      return;
    }
    let value = 0;
    let length = 0;
    if (wireType === 0) value = varint();
    else if (wireType === 1) length = 8;
    else if (wireType === 2) length = varint();
    else if (wireType === 5) length = 4;
    else {
      yield notOnnx;
      return;
    }
    if (!(at + length <= end)) {
      yield end === bytes.length ? truncated : notOnnx;
      return;
    }
    yield { number, value, start: at, end: at + length };
    at += length;
  }
}

/**
 * Writes small ONNX models, to see what becomes of models that are not what imesde wants.
 * Field numbers: onnx.proto3.
 */

export type ElementType = 'float' | 'int32' | 'int64' | 'double';

const elementTypes: Readonly<Record<ElementType, number>> = {
  float: 1,
  int32: 6,
  int64: 7,
  double: 11,
};

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (string | number)[];
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Integer attributes. */
  readonly attributes?: Readonly<Record<string, number>>;
}

export interface Constant {
  readonly name: string;
  readonly type: 'float' | 'int64';
  readonly dims: readonly number[];
  readonly values: readonly number[];
  /** Its values are said to be in this file. */
  readonly externalFile?: string;
}

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Constant[];
}

export const ids: Value = { name: 'input_ids', type: 'int64', dims: ['batch', 'sequence'] };
export const mask: Value = { name: 'attention_mask', type: 'int64', dims: ['batch', 'sequence'] };

/** Token vectors of one dimension: each token's id, through one more operator. */
export function idModel(last: Omit<Node, 'output'>, constants: readonly Constant[] = []): Graph {
  return {
    inputs: [ids, mask],
    outputs: [{ name: 'last_hidden_state', type: 'float', dims: ['batch', 'sequence', 1] }],
    nodes: [
      { op: 'Cast', inputs: ['input_ids'], output: 'floats', attributes: { to: 1 } },
      { op: 'Unsqueeze', inputs: ['floats', 'axes'], output: 'vectors' },
      { ...last, output: 'last_hidden_state' },
    ],
    constants: [{ name: 'axes', type: 'int64', dims: [1], values: [2] }, ...constants],
  };
}

export function onnxModel(graph: Graph): Buffer {
  const encoded = Buffer.concat([
    ...graph.nodes.map((node) => field(1, encodeNode(node))),
    field(2, Buffer.from('test')),
    ...(graph.constants ?? []).map((constant) => field(5, encodeConstant(constant))),
    ...graph.inputs.map((value) => field(11, encodeValue(value))),
    ...graph.outputs.map((value) => field(12, encodeValue(value))),
  ]);
  const opset = field(8, Buffer.concat([field(1, Buffer.alloc(0)), integer(2, 17)]));
  return Buffer.concat([integer(1, 8), opset, field(7, encoded)]);
}

function encodeNode({ op, inputs, output, attributes = {} }: Node): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => field(1, Buffer.from(name))),
    field(2, Buffer.from(output)),
    field(4, Buffer.from(op)),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, Buffer.concat([field(1, Buffer.from(name)), integer(3, value), integer(20, 2)])),
    ),
  ]);
}

function encodeValue({ name, type, dims }: Value): Buffer {
  const shape = dims.map((dim) =>
    field(1, typeof dim === 'number' ? integer(1, dim) : field(2, Buffer.from(dim))),
  );
  const tensor = [integer(1, elementTypes[type]), field(2, Buffer.concat(shape))];
  return Buffer.concat([field(1, Buffer.from(name)), field(2, field(1, Buffer.concat(tensor)))]);
}

function encodeConstant({ name, type, dims, values, externalFile }: Constant): Buffer {
  const head = [...dims.map((dim) => integer(1, dim)), integer(2, elementTypes[type])];
  head.push(field(8, Buffer.from(name)));
  if (externalFile !== undefined) {
    const place = [field(1, Buffer.from('location')), field(2, Buffer.from(externalFile))];
    return Buffer.concat([...head, field(13, Buffer.concat(place)), integer(14, 1)]);
  }
  const raw = type === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return Buffer.concat([...head, field(9, Buffer.from(raw.buffer))]);
}

/** Protocol Buffers: a key, a length, the bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function integer(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

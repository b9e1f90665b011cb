import { isUtf8 } from 'node:buffer';
import { ImesdeError } from '../shared/errors.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const empty = Buffer.alloc(0);

/**
 * First stage of the input: passes bytes on in chunks that end between characters, without a byte
 * order mark at the very start, and counts the bytes that are no valid UTF-8. Later stages may cut
 * and decode a chunk without looking at its neighbours.
 */
export class Utf8Gate {
  /** Bytes seen so far that belong to no valid character; each sequence becomes U+FFFD. */
  invalidBytes = 0;
  #held: Buffer = empty;
  #started = false;
  readonly #name: string;

  /** @param name - of what is read, for messages */
  constructor(name = 'standard input') {
    this.#name = name;
  }

  /**
   * @returns the bytes that are complete so far; at most three are held back for the next call
   * @throws {ImesdeError} ERR_IMESDE_INPUT where the stream starts with a UTF-16 byte order mark
   */
  push(chunk: Buffer): Buffer {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = empty;
    if (!this.#started) {
      if (bytes.length < byteOrderMark.length && isPrefixOfMark(bytes)) {
        this.#held = Buffer.from(bytes);
        return empty;
      }
      bytes = withoutMark(bytes, this.#name);
      this.#started = true;
    }
    const complete = bytes.length - incompleteSuffixLength(bytes);
    if (complete < bytes.length) {
      this.#held = Buffer.from(bytes.subarray(complete)); // A copy: the chunk need not live on.
      bytes = bytes.subarray(0, complete);
    }
    if (!isUtf8(bytes)) this.invalidBytes += countInvalidBytes(bytes);
    return bytes;
  }

  /** The end of the stream: what was held back, which then is no whole character. */
  end(): Buffer {
    const rest = this.#started ? this.#held : withoutMark(this.#held, this.#name);
    this.#held = empty;
    if (!isUtf8(rest)) this.invalidBytes += countInvalidBytes(rest);
    return rest;
  }
}

function isPrefixOfMark(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (
    bytes.length === 0 ||
    (first === 0xef && (second === undefined || second === 0xbb)) ||
    (bytes.length === 1 && (first === 0xff || first === 0xfe))
  );
}

function withoutMark(bytes: Buffer, name: string): Buffer {
  const littleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const bigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (littleEndian || bigEndian) {
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `${name} is UTF-16: convert it first, for example with iconv -f UTF-16 -t UTF-8`,
    );
  }
  return bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
}

/** How many bytes at the end start a character that is not complete yet: 0 to 3. */
function incompleteSuffixLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** How many bytes a character has that begins with this one; 1 where none does. */
export function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  return 1;
}

/** Well-formed byte sequences: The Unicode Standard, table 3-7. */
function countInvalidBytes(bytes: Buffer): number {
  let invalid = 0;
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i] ?? 0;
    const length = lead < 0x80 ? 1 : sequenceLength(lead);
    if (lead < 0x80 || (length > 1 && isSequence(bytes, i, lead, length))) {
      i += length;
    } else {
      invalid += 1;
      i += 1;
    }
  }
  return invalid;
}

function isSequence(bytes: Buffer, start: number, lead: number, length: number): boolean {
  const second = bytes[start + 1] ?? 0;
  let low = 0x80;
  let high = 0xbf;
  if (lead === 0xe0) low = 0xa0;
  else if (lead === 0xed) high = 0x9f;
  else if (lead === 0xf0) low = 0x90;
  else if (lead === 0xf4) high = 0x8f;
  if (second < low || second > high) return false;
  for (let i = start + 2; i < start + length; i += 1) {
    if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return false;
  }
  return true;
}

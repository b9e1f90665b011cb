/**
 * Before everything else: input that is gzip is read as what it holds; other input that is no text is
 * named, with what to type instead.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImesdeError } from '../shared/errors.ts';

/** First bytes of what is not text, what it is, and how it becomes text. */
const signatures: readonly (readonly [bytes: string, what: string, remedy: string])[] = [
  ['28b52ffd', 'zstd', 'zstd -dc FILE | imesde …'],
  ['fd377a585a00', 'xz', 'xz -dc FILE | imesde …'],
  ['425a68', 'bzip2', 'bzip2 -dc FILE | imesde …'],
  ['04224d18', 'lz4', 'lz4 -dc FILE | imesde …'],
  ['504b0304', 'a zip archive', 'unzip -p FILE | imesde …'],
  ['377abcaf271c', 'a 7z archive', '7z x -so FILE | imesde …'],
  ['7f454c46', 'an ELF program', 'strings FILE | imesde …'],
  ['255044462d', 'a PDF', 'pdftotext FILE - | imesde …'],
  ['53514c69746520666f726d6174203300', 'an SQLite database', 'sqlite3 FILE .dump | imesde …'],
  ['4c504b5348485248', 'a systemd journal', 'journalctl --file FILE -o cat | imesde …'],
];
const gzipSignature = '1f8b08';
/** Of UTF-16. */
const byteOrderMarks = [0xfffe, 0xfeff];
const newline = 0x0a;
/** Text of two bytes a character has a NUL in every pair; so many pairs are looked at. */
const pairsSeen = 32;
const pairsMin = 2;

/** What the first bytes say; undefined where more of them are needed. */
type Kind = 'text' | 'gzip' | { readonly what: string; readonly remedy: string };

/**
 * Why the first bytes of a file that grows say that it is not to be followed, and what to type
 * instead; undefined where they don't.
 */
export function notToFollow(head: Buffer): string | undefined {
  if (head.length >= 2 && byteOrderMarks.includes(head.readUInt16BE())) {
    return 'UTF-16: tail -F FILE | iconv -f UTF-16 -t UTF-8 | imesde …';
  }
  const kind = kindOf(head);
  if (kind === 'gzip') return 'gzip, which is not followed: imesde query PHRASE FILE';
  return typeof kind === 'object' ? `${kind.what}: ${kind.remedy}` : undefined;
}

/**
 * @param signal - that reading was to end: a gzip stream that is cut short then is no damage
 * @param isFollowed - the source is a file that grows: gzip is refused
 * @throws {ImesdeError} ERR_IMESDE_INPUT for what is no text, and gzip that is damaged
 */
export async function* decode(
  source: AsyncIterable<Buffer>,
  signal: AbortSignal,
  name = 'standard input',
  isFollowed = false,
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let head: Buffer = Buffer.alloc(0);
    let kind: Kind | undefined;
    while (kind === undefined) {
      const next = await chunks.next();
      if (next.done !== true)
        head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
      kind = kindOf(head) ?? (next.done === true ? 'text' : undefined);
    }
    const why = isFollowed ? notToFollow(head) : undefined;
    if (why !== undefined) throw new ImesdeError('ERR_IMESDE_INPUT', `${name} is ${why}`);
    if (typeof kind === 'object') {
      throw new ImesdeError('ERR_IMESDE_INPUT', `${name} is ${kind.what}: ${kind.remedy}`);
    }
    const all = prepend(head, chunks);
    yield* kind === 'gzip' ? gunzip(all, signal, name) : all;
  } finally {
    await chunks.return?.();
  }
}

function kindOf(head: Buffer): Kind | undefined {
  const hex = head.subarray(0, 16).toString('hex');
  if (hex.startsWith(gzipSignature)) return 'gzip';
  for (const [bytes, what, remedy] of signatures) {
    if (hex.startsWith(bytes)) return { what, remedy };
  }
  const isUndecided = [gzipSignature, ...signatures.map(([bytes]) => bytes)].some((bytes) =>
    bytes.startsWith(hex),
  );
  if (isUndecided) return undefined;
  return kindOfPairs(head);
}

/** UTF-16 without a mark at its beginning, which the stage for UTF-8 would see. */
function kindOfPairs(head: Buffer): Kind | undefined {
  if (head.length < 2 * pairsMin) {
    // No line is complete yet, so that nobody waits longer for it.
    const isOpen = head.includes(0) || (head.length < 2 && head[0] !== newline);
    return isOpen ? undefined : 'text';
  }
  const pairs = Math.min(pairsSeen, head.length >> 1);
  let little = 0;
  let big = 0;
  for (let i = 0; i < pairs; i += 1) {
    const first = head[2 * i] ?? 0;
    const second = head[2 * i + 1] ?? 0;
    if (first !== 0 && second === 0) little += 1;
    if (first === 0 && second !== 0) big += 1;
  }
  if (little < pairs && big < pairs) return 'text';
  const encoding = little === pairs ? 'UTF-16LE' : 'UTF-16BE';
  return { what: encoding, remedy: `iconv -f ${encoding} -t UTF-8 FILE | imesde …` };
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** One member after the other. What was read before the damage has been read. */
async function* gunzip(
  source: AsyncIterable<Buffer>,
  signal: AbortSignal,
  name: string,
): AsyncGenerator<Buffer> {
  const packed = Readable.from(source, { objectMode: false });
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  try {
    for await (const chunk of unpacked) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof ImesdeError) throw error;
    if (signal.aborted) return;
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `${name} is gzip that ends early or is damaged (${(error as Error).message}): what came before was read`,
      { cause: error },
    );
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

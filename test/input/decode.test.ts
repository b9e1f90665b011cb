import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/input/decode.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function read(bytes: Buffer, size = 65_536): Promise<string> {
  const parts: Buffer[] = [];
  const { signal } = new AbortController();
  for await (const chunk of decode(inChunks(bytes, size), signal, 'x.log')) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

const text = 'ERROR disk full\n'.repeat(2_000);

describe('decode', () => {
  it.each([1, 2, 7, 65_536])('reads gzip in chunks of %i bytes', async (size) => {
    expect(await read(gzipSync(text), size)).toBe(text);
  });

  it('reads one member of gzip after the other', async () => {
    expect(await read(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]), 5)).toBe('a\nb\n');
  });

  it.each([
    '',
    'B',
    'PK',
    'BZ is a name\n',
    '(28) x\n',
    '%PD\n',
    'SQLite is fast\n',
    '\0',
    'a\0b\n',
  ])('leaves text alone that begins like something else: %j', async (input) => {
    for (const size of [1, 65_536]) expect(await read(Buffer.from(input), size)).toBe(input);
  });

  it('says what came before where gzip ends early', async () => {
    const half = gzipSync(text).subarray(0, 60);
    await expect(read(half)).rejects.toMatchObject({
      code: 'ERR_IMESDE_INPUT',
      message: expect.stringMatching(/^x\.log is gzip that ends early or is damaged/) as string,
    });
  });

  it.each<[string, Buffer, RegExp]>([
    ['zstd', Buffer.from('28b52ffd2075a903', 'hex'), /zstd: zstd -dc/],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), /xz: xz -dc/],
    ['bzip2', Buffer.from('BZh91AY&SY'), /bzip2: bzip2 -dc/],
    ['zip', Buffer.from('504b030414000000', 'hex'), /a zip archive: unzip -p/],
    ['ELF', Buffer.from('7f454c4602010100', 'hex'), /an ELF program: strings/],
    ['UTF-16LE', Buffer.from('disk full\n', 'utf16le'), /UTF-16LE: iconv -f UTF-16LE/],
    ['UTF-16BE', Buffer.from('disk full\n', 'utf16le').swap16(), /UTF-16BE: iconv -f UTF-16BE/],
  ])('names %s, and what to type', async (_, bytes, message) => {
    for (const size of [1, 3, 65_536]) {
      await expect(read(bytes, size)).rejects.toMatchObject({
        code: 'ERR_IMESDE_INPUT',
        message: expect.stringMatching(message) as string,
      });
    }
  });
});

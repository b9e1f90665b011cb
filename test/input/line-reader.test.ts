import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/input/line-reader.ts';
import type { LineBatch } from '../../src/input/line-batch.ts';

async function* stream(chunks: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function read(
  chunks: readonly (string | Buffer)[],
  maxLineBytes = 1_024,
): Promise<{ texts: string[]; batches: LineBatch[]; reader: LineReader }> {
  const reader = new LineReader({ maxLineBytes });
  const batches: LineBatch[] = [];
  for await (const batch of reader.read(stream(chunks))) batches.push(batch);
  return { texts: batches.flatMap(({ texts }) => [...texts]), batches, reader };
}

describe('LineReader', () => {
  it('gives no line for an empty stream', async () => {
    expect((await read([])).texts).toEqual([]);
    expect((await read(['', ''])).texts).toEqual([]);
    expect((await read(['\ufeff'])).texts).toEqual([]);
  });

  it('counts a last line without its newline, and none after a final newline', async () => {
    expect((await read(['one\ntwo'])).texts).toEqual(['one', 'two']);
    expect((await read(['one\ntwo\n'])).texts).toEqual(['one', 'two']);
    expect((await read(['\n'])).texts).toEqual(['']);
  });

  it('strips one CR before a newline, and takes a lone CR for text', async () => {
    const { texts } = await read(['one\r\n', 'two\r', '\nth\rree\r\r\nfour\r']);
    expect(texts).toEqual(['one', 'two', 'th\rree\r', 'four']);
  });

  it('keeps empty lines, so that line numbers are those of the input', async () => {
    const { batches } = await read(['\n\na\n', '\n', 'b']);
    const numbered = batches.flatMap(({ texts, firstNumber }) =>
      texts.map((text, index) => [firstNumber + index, text]),
    );
    expect(numbered).toEqual([
      [1, ''],
      [2, ''],
      [3, 'a'],
      [4, ''],
      [5, 'b'],
    ]);
  });

  it('keeps NUL bytes, controls, zero-width and right-to-left characters as they came', async () => {
    const text = 'a\0b\x1b[31m\u200b\u202e\u05d0 e\u0301\v\f';
    expect((await read([`${text}\n`])).texts).toEqual([text]);
  });

  it('counts bytes that are no UTF-8 and shows them as U+FFFD', async () => {
    const { texts, reader } = await read([Buffer.from([0x61, 0xff, 0x0a, 0xe6, 0x97])]);
    expect(texts).toEqual(['a\ufffd', '\ufffd']);
    expect(reader.invalidUtf8Bytes).toBe(3);
  });

  it('counts cut lines, and shows no half character at the cut', async () => {
    const { texts, reader } = await read(['0123456789abcd', 'é日本\nshort\n'], 15);
    expect(texts).toEqual(['0123456789abcd', 'short']);
    expect(reader.cutLines).toBe(1);
  });

  it('tells apart texts of one and of two bytes a character', async () => {
    const { batches } = await read(['plain\n', 'é\n', 'plain again\n']);
    expect(batches.map(({ bytesPerChar }) => bytesPerChar)).toEqual([1, 2, 1]);
  });

  it('keeps the characters of a line that began in the chunk before (bug: kept as Latin-1)', async () => {
    // Mostly empty lines, so that the few texts are copied out of the chunk.
    const { texts, batches } = await read(['日本 é', ` end${'\n'.repeat(500)}`]);
    expect(texts[0]).toBe('日本 é end');
    expect(batches[0]?.bytesPerChar).toBe(2);
  });

  it('forgets that the rest was not ASCII once its line is complete', async () => {
    const { batches } = await read(['日', '本\nplain\n', 'more\n']);
    expect(batches.map(({ bytesPerChar }) => bytesPerChar)).toEqual([2, 1]);
  });

  it('refuses UTF-16 with the code of bad input', async () => {
    await expect(read([Buffer.from('\ufeffhi\n', 'utf16le')])).rejects.toMatchObject({
      code: 'ERR_IMESDE_INPUT',
    });
  });

  it('reads on only when it is asked for the next batch', async () => {
    let chunksRead = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        await Promise.resolve();
        chunksRead += 1;
        yield Buffer.from('line\n');
      }
    }
    const batches = new LineReader({ maxLineBytes: 64 }).read(endless());
    await batches.next();
    await batches.next();
    expect(chunksRead).toBe(2);
    await batches.return(undefined);
  });
});

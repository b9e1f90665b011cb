import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readUntil } from '../../src/input/read-until.ts';

describe('readUntil', () => {
  it('gives the chunks of a stream to its end', async () => {
    const chunks: string[] = [];
    const stream = Readable.from([Buffer.from('a'), Buffer.from('b')], { objectMode: true });
    for await (const chunk of readUntil(stream, new AbortController().signal)) {
      chunks.push(chunk.toString());
    }
    expect(chunks.join('')).toBe('ab');
  });

  it('ends at once when it is aborted, though no chunk comes', async () => {
    const stream = new PassThrough();
    const abort = new AbortController();
    const chunks = readUntil(stream, abort.signal);
    stream.write('first');
    expect((await chunks.next()).value).toEqual(Buffer.from('first'));
    const next = chunks.next();
    abort.abort();
    expect((await next).done).toBe(true);
    expect(stream.destroyed).toBe(true);
  });

  it('gives nothing of a stream when it is aborted from the start', async () => {
    const abort = new AbortController();
    abort.abort();
    const stream = Readable.from([Buffer.from('unread')], { objectMode: true });
    expect((await readUntil(stream, abort.signal).next()).done).toBe(true);
  });

  it('says so when the stream can not be read', async () => {
    const stream = new PassThrough();
    const next = readUntil(stream, new AbortController().signal).next();
    stream.destroy(Object.assign(new Error('gone'), { code: 'EIO' }));
    await expect(next).rejects.toMatchObject({
      code: 'ERR_IMESDE_INPUT',
      message: expect.stringContaining('EIO') as string,
    });
  });

  it('leaves no listener behind for each chunk', async () => {
    const stream = new PassThrough();
    const abort = new AbortController();
    const chunks = readUntil(stream, abort.signal);
    const listeners = new Set<number>();
    for (let i = 0; i < 50; i += 1) {
      stream.write('x');
      await chunks.next();
      listeners.add(stream.listenerCount('readable'));
    }
    expect([...listeners]).toEqual([1]);
    await chunks.return(undefined);
  });
});

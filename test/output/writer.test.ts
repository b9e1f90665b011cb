import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/output/writer.ts';

/** A reader that takes a write only when it is told to. */
class SlowReader extends Writable {
  readonly taken: string[] = [];
  #next: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 10, decodeStrings: false });
  }

  override _write(chunk: string, _: string, done: () => void): void {
    this.taken.push(chunk);
    this.#next = done;
    this.emit('offered');
  }

  async takeOne(): Promise<void> {
    if (this.#next === undefined) await once(this, 'offered');
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return settled;
}

function failingWith(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      setImmediate(() => {
        done(Object.assign(new Error(code), { code }));
      });
    },
  });
}

describe('Writer', () => {
  it('waits for room while the reader is slow', async () => {
    const reader = new SlowReader();
    const writer = new Writer(reader, () => undefined);
    writer.write('short');
    expect(await isSettled(writer.room())).toBe(true);
    writer.write('much longer');
    const room = writer.room();
    expect(await isSettled(room)).toBe(false);
    expect(writer.waitingBytes).toBeGreaterThan(10);
    await reader.takeOne();
    expect(await isSettled(room)).toBe(false);
    await reader.takeOne();
    await room;
  });

  it('is flushed when every byte has gone out', async () => {
    const reader = new SlowReader();
    const writer = new Writer(reader, () => undefined);
    writer.write('one');
    writer.write('two');
    const flushed = writer.flushed();
    await reader.takeOne();
    expect(await isSettled(flushed)).toBe(false);
    await reader.takeOne();
    await flushed;
    expect(reader.taken.join('')).toBe('onetwo');
    await writer.flushed();
  });

  it('ends quietly when the reader leaves', async () => {
    let ends = 0;
    const writer = new Writer(failingWith('EPIPE'), () => {
      ends += 1;
    });
    writer.write('line');
    await writer.flushed();
    expect(writer.readerLeft).toBe(true);
    expect(ends).toBe(1);
    writer.write('nobody reads this');
    await writer.room();
    await writer.flushed();
  });

  it('reports any other failure where writing waits next', async () => {
    let ends = 0;
    const writer = new Writer(failingWith('ENOSPC'), () => {
      ends += 1;
    });
    writer.write('line');
    const expected = {
      code: 'ERR_IMESDE_OUTPUT',
      message: expect.stringContaining('write error on standard output (ENOSPC)') as string,
    };
    await expect(writer.flushed()).rejects.toMatchObject(expected);
    await expect(writer.room()).rejects.toMatchObject(expected);
    expect({ ends, readerLeft: writer.readerLeft }).toEqual({ ends: 1, readerLeft: false });
  });
});

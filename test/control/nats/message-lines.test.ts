/** Messages of a stream → lines, and when they are done with; without a server. */
import { describe, expect, it } from 'vitest';
import { assertConsumer, assertStreamNames } from '../../../src/control/nats/consumer-check.ts';
import { HeldMessages } from '../../../src/control/nats/held-messages.ts';
import { MessageLines } from '../../../src/control/nats/message-lines.ts';
import { seeded } from '../../scan/vectors.ts';

const bounds = { maxLineBytes: 65_536, lines: 'logical' } as const;

/** Line by line its number and text, and where each message ends. */
async function read(
  lines: MessageLines,
  messages: readonly (string | Buffer)[],
): Promise<{ told: [number, string][]; lastNumbers: readonly number[] }> {
  const { batches, lastNumbers } = await lines.push(messages.map((one) => Buffer.from(one)));
  const told = batches.flatMap(({ texts, numbers, firstNumber }) =>
    texts.map((text, i): [number, string] => [numbers?.[i] ?? firstNumber + i, text]),
  );
  return { told, lastNumbers };
}

describe('MessageLines', () => {
  it('numbers the same lines alike, however they are packed into messages', async () => {
    const random = seeded(11);
    for (let round = 0; round < 100; round += 1) {
      const all = Array.from({ length: 1 + Math.floor(random() * 40) }, (_, i) =>
        random() < 0.1 ? '' : `line ${i} ${'é'.repeat(Math.floor(random() * 4))}`,
      );
      const lines = new MessageLines({ ...bounds, lines: 'physical' });
      const told: [number, string][] = [];
      for (let at = 0; at < all.length;) {
        const messages: string[] = [];
        const ends: number[] = [];
        const count = 1 + Math.floor(random() * 4);
        for (let i = 0; i < count && at < all.length; i += 1) {
          const size = 1 + Math.floor(random() * 5);
          const own = all.slice(at, at + size);
          at += own.length;
          // With a newline at its end, or without; an empty line at the end needs one.
          messages.push(own.join('\n') + (random() < 0.5 || own.at(-1) === '' ? '\n' : ''));
          ends.push(at);
        }
        const batch = await read(lines, messages);
        expect(batch.lastNumbers).toEqual(ends);
        told.push(...batch.told);
      }
      expect(told).toEqual(all.map((text, i) => [i + 1, text]));
    }
  });

  it('joins records within a message alone, and keeps the numbers of lines', async () => {
    const lines = new MessageLines(bounds);
    const first = await read(lines, ['one\n  at a\n  at b\ntwo', '  at c', 'three\n  at d\n']);
    expect(first.told).toEqual([
      [1, 'one\n  at a\n  at b'],
      [4, 'two'],
      [5, '  at c'],
      [6, 'three\n  at d'],
    ]);
    expect(first.lastNumbers).toEqual([4, 5, 7]);
    expect((await read(lines, ['four'])).told).toEqual([[8, 'four']]);
    expect(lines.joinedLines).toBe(3);
  });

  it('takes any bytes: cut, empty, invalid, UTF-16, NUL, with a byte order mark', async () => {
    const lines = new MessageLines({ maxLineBytes: 16, lines: 'logical' });
    const { told, lastNumbers } = await read(lines, [
      Buffer.from([0xff, 0xfe, 0x61, 0x00]),
      Buffer.from([0xef, 0xbb, 0xbf, 0x62]),
      'a line that is longer than sixteen bytes\nnext',
      '',
      Buffer.from([0x63, 0xe2, 0x82]),
      `${'\0'.repeat(1_000)}d`,
    ]);
    expect(lastNumbers).toEqual([1, 2, 4, 5, 6, 7]);
    expect(told.map(([number]) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(told[1]![1]).toBe('b');
    expect(told[2]![1]).toBe('a line that is l');
    expect(told.at(-1)![1]).toBe('d');
    expect(lines).toMatchObject({ cutLines: 1, droppedNulBytes: 1_000 });
    expect(lines.invalidUtf8Bytes).toBeGreaterThanOrEqual(4);
  });
});

describe('HeldMessages', () => {
  it('lets a message go once all of its lines are done with, in order', () => {
    const held = new HeldMessages<{ seq: number }>();
    const messages = [1, 2, 3, 4].map((seq) => ({ seq }));
    for (const message of messages) expect(held.add(message)).toBe(true);
    held.read(messages[0]!, 10);
    held.read(messages[1]!, 20);
    held.read(messages[2]!, 20);
    expect(held.isDone(9)).toBe(false);
    expect(held.takeThrough(9)).toEqual([]);
    expect(held.isDone(15)).toBe(true);
    expect(held.takeThrough(15)).toEqual([messages[0]]);
    expect(held.takeThrough(100)).toEqual([messages[1], messages[2]]);
    // One that was not read is not done with, whatever was.
    expect(held.isDone(100)).toBe(false);
    expect(held.all()).toEqual([messages[3]]);
  });

  it('acknowledges what came again while it was held once, by its newest delivery', () => {
    const held = new HeldMessages<{ seq: number; delivery: number }>();
    const first = { seq: 1, delivery: 1 };
    held.add(first);
    held.read(first, 5);
    const again = { seq: 1, delivery: 2 };
    expect(held.add(again)).toBe(false);
    expect(held.count).toBe(1);
    expect(held.takeThrough(5)).toEqual([again]);
    expect(held.add({ seq: 1, delivery: 3 })).toBe(true);
  });
});

describe('a consumer', () => {
  const good = { ack_policy: 'explicit', ack_wait: 60e9, durable_name: 'c', max_deliver: -1 };

  it.each([
    [{}, undefined],
    [{ max_deliver: 5 }, undefined],
    [{ backoff: [500e6, 60e9] }, 'redelivers after 500 ms, too soon'],
    [{ durable_name: undefined }, 'is not durable'],
    [{ headers_only: true }, 'gives headers only'],
  ])('with %j is read, or refused with what would be right', (more, problem) => {
    const check = (): void => {
      assertConsumer('LOGS', 'c', { ...good, ...more });
    };
    if (problem === undefined) check();
    else expect(check).toThrow(`the consumer c of LOGS ${problem}`);
  });

  it('and its stream have names, not subjects', () => {
    assertStreamNames('LOGS', 'imesde');
    expect(() => {
      assertStreamNames("logs.>'; rm -rf x", 'c');
    }).toThrow("nats stream add LOGS --subjects 'logs.>rm-rfx' --defaults");
    expect(() => {
      assertStreamNames('LOGS', 'a b');
    }).toThrow('--consumer a b is no name');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/input/line-reader.ts';
import type { LineBatch } from '../../src/input/line-batch.ts';
import { allLogs } from '../helpers/sample-logs.ts';

const folder = new URL('../fixtures/traces/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.log'));

/** Records of a file, which has a line of %% between them. */
function recordsOf(file: string): string[] {
  return readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n%%\n');
}

async function* stream(chunks: Iterable<string | Buffer>): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (const chunk of chunks) yield Buffer.from(chunk);
}

interface Read {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  readonly batches: readonly LineBatch[];
  readonly joined: number;
}

function numbersOf({ texts, numbers, firstNumber }: LineBatch): number[] {
  return texts.map((_, index) => numbers?.[index] ?? firstNumber + index);
}

async function read(
  chunks: Iterable<string | Buffer>,
  lines: 'logical' | 'physical' = 'logical',
  maxLineBytes = 65_536,
): Promise<Read> {
  const reader = new LineReader({ maxLineBytes, lines });
  const batches: LineBatch[] = [];
  for await (const batch of reader.read(stream(chunks))) batches.push(batch);
  return {
    texts: batches.flatMap(({ texts }) => texts),
    numbers: batches.flatMap(numbersOf),
    batches,
    joined: reader.joinedLines,
  };
}

async function texts(input: string): Promise<readonly string[]> {
  return (await read([input])).texts;
}

/** Uniform whole numbers below n. */
function randomSource(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
}

function* randomChunks(bytes: Buffer, seed: number): Generator<Buffer> {
  const below = randomSource(seed);
  for (let at = 0; at < bytes.length;) {
    // Often ends of lines, where a chunk says nothing of the next line.
    const sizes = [1, 7, 60, 400, 5_000];
    let end = Math.min(bytes.length, at + 1 + below(sizes[below(sizes.length)] ?? 1));
    if (below(3) === 0) end = bytes.indexOf(0x0a, end - 1) + 1 || bytes.length;
    yield bytes.subarray(at, end);
    at = end;
  }
}

const traces = files.flatMap(recordsOf);
const foreign = 'Übertragung läuft\nerreur : délai dépassé\n\tà la ligne 3\n';
const cri = [
  '2026-01-31T09:26:53.589123456Z stdout F whole line',
  '2026-01-31T09:26:53.589123456Z stdout P part one, ',
  '2026-01-31T09:26:53.589123457Z stdout P part two, ',
  '2026-01-31T09:26:53.589123458Z stdout F the end',
  '2026-01-31T09:26:53.589123459Z stderr P never ends',
  '2026-01-31T09:26:53.58Z stdout F another',
];

describe('lines that continue the line above', () => {
  it.each(files)('are joined to it as the runtimes write them: %s', async (file) => {
    const records = recordsOf(file);
    expect(await texts(`${records.join('\n')}\n`)).toEqual(records);
  });

  it.each(files)('are the same records with CR LF, and twice in a row: %s', async (file) => {
    const records = recordsOf(file);
    const once = `${records.join('\n')}\n`;
    expect(await texts((once + once).replaceAll('\n', '\r\n'))).toEqual([...records, ...records]);
  });

  it('have the number of the first line, and are counted', async () => {
    const { batches, numbers, joined } = await read(['a\nError: b\n\tat c(d.js:1)\n\te\nf\n\ng\n']);
    expect(numbers).toEqual([1, 2, 5, 6, 7]);
    expect(joined).toBe(2);
    expect(batches.flatMap((batch) => batch.numbers?.at(-1) ?? [])).toEqual([7]);
  });

  it('do not depend on how they came (seeded chunks)', async () => {
    const all = [allLogs(), foreign, ...traces.map((trace) => `${trace}\n`), ...cri].join('\n');
    const bytes = Buffer.from(`${traces.join('\n')}\n${all}\n${cri.join('\n')}\n${foreign}`);
    const whole = await read([bytes]);
    expect(whole.joined).toBeGreaterThan(300);
    for (let seed = 1; seed <= 40; seed += 1) {
      const { texts, numbers, joined } = await read(randomChunks(bytes, seed));
      expect({ seed, texts, numbers, joined }).toEqual({
        seed,
        texts: whole.texts,
        numbers: whole.numbers,
        joined: whole.joined,
      });
    }
  });

  it('hold every line once, whatever comes (seeded mixtures)', async () => {
    const pieces = `${traces.join('\n')}\n${foreign}\n\n   \n{\n}\n`.split('\n');
    for (let seed = 1; seed <= 60; seed += 1) {
      const below = randomSource(seed);
      const lines = Array.from({ length: 300 }, () => pieces[below(pieces.length)] ?? '');
      const input = `${lines.join('\n')}\n`;
      const { texts, numbers, joined } = await read(randomChunks(Buffer.from(input), seed));
      expect(texts.join('\n')).toBe(lines.join('\n'));
      expect(texts.length + joined).toBe(lines.length);
      let next = 1;
      for (const [index, text] of texts.entries()) {
        expect(numbers[index]).toBe(next);
        next += text.split('\n').length;
      }
    }
  });

  it('are lines of their own where lines are physical', async () => {
    const input = `${traces.join('\n')}\n`;
    const { texts, joined, batches } = await read([input], 'physical');
    expect(texts.join('\n')).toBe(input.trimEnd());
    expect(joined).toBe(0);
    expect(batches.every(({ numbers }) => numbers === undefined)).toBe(true);
  });

  it('leave batches alone in which nothing is joined', async () => {
    const input = allLogs();
    const { texts, batches } = await read([input]);
    expect(texts).toEqual(input.trimEnd().split('\n'));
    expect(batches.every(({ numbers }) => numbers === undefined)).toBe(true);
  });
});

describe('what is no continuation', () => {
  it.each([
    ['an indented first line', '   indented\nnext\n'],
    ['lines that are all indented', '  one two three\n  four five six\n  seven eight nine\n'],
    ['paragraphs', 'It was the end of a day.\n    He went home, and nobody asked.\nThen.\n'],
    ['verses', 'the woods are lovely dark and deep\n  but I have promises to keep\n'],
    [
      'a table of numbers',
      'procs memory\n r  b   swpd   free\n 1  0      0 12345\n 2  1      0 1234\n',
    ],
    ['what colours begin', '\x1b[31m  x 12 ms\n\x1b[0m  y 13 ms\n     z 14 ms\n'],
    ['what stands below a blank line', 'a\n\n    Date: b\n    key: c\n'],
    ['counts', '     12 GET /\n      3 GET /favicon.ico\n    512 POST /login\n'],
    ['padded levels', 'server starts\n INFO ready\n WARN slow\n'],
    ['records of a time', 'a:\n  2026-01-31 09:26:53 b\n  09:26:53 c\n'],
    ['brackets that nothing opened', 'done\n}\n]\n</a>\n'],
    ['an exception behind another', 'java.io.IOException: a\njava.io.IOException: b\n'],
    ['an exception behind good news', '2026-01-31 09:26:53 INFO ok\njava.io.IOException: b\n'],
    ['a traceback behind nothing', 'ready\nTraceback (most recent call last):\n'],
    ['words', 'at home\ngo on\nthe end\npanic in the streets\nfatal floods\nCaused trouble\n'],
    ['what is no text', 'a\0b\n  c\nd:\n  \x01e\n'],
    ['numbered lists', 'three things\n#1 tea\n#2 milk\n'],
    ['blank lines', 'error: a\n\n\n\nb\n'],
  ])('%s', async (_, input) => {
    expect(await texts(input)).toEqual(input.slice(0, -1).split('\n'));
  });
});

describe('parts of a line that a container’s runtime cut', () => {
  it('are joined without a newline, each stream for itself', async () => {
    expect(await texts(`${cri.join('\n')}\n`)).toEqual([
      cri[0],
      '2026-01-31T09:26:53.589123456Z stdout F part one, part two, the end',
      cri[4],
      cri[5],
    ]);
  });
});

describe('a record that has no end', () => {
  it('is cut at 256 lines and goes on in another one', async () => {
    const frames = '\tat a.B.c(B.java:1)\n'.repeat(600);
    const { texts, numbers } = await read([`java.lang.StackOverflowError: x\n${frames}end\n`]);
    expect(texts.map((text) => text.split('\n').length)).toEqual([256, 256, 89, 1]);
    expect(numbers).toEqual([1, 257, 513, 602]);
  });

  it('is cut at the bytes of the longest line', async () => {
    const { texts } = await read([`a:\n${`  ${'x'.repeat(98)}\n`.repeat(30)}`], 'logical', 1_000);
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
  });

  it('is given on while it is read', async () => {
    const frames = Array.from({ length: 40 }, () => '\tat a.B.c(B.java:1)\n'.repeat(100));
    const { batches } = await read(['java.lang.Error: x\n', ...frames]);
    expect(batches.length).toBeGreaterThan(10);
  });
});

describe('a live stream with pauses', () => {
  /** Texts with the milliseconds at which they came out. */
  async function live(parts: readonly (string | number)[]): Promise<[text: string, ms: number][]> {
    async function* source(): AsyncGenerator<Buffer> {
      for (const part of parts) {
        if (typeof part === 'number') await setTimeout(part);
        else yield Buffer.from(part);
      }
    }
    const reader = new LineReader({ maxLineBytes: 65_536, lines: 'logical' });
    const started = performance.now();
    const out: [string, number][] = [];
    for await (const { texts } of reader.read(source(), true)) {
      for (const text of texts) out.push([text, performance.now() - started]);
    }
    return out;
  }

  it('gives a plain line at once', async () => {
    const [first] = await live(['2026-01-31 09:26:53 INFO ready\n', 600]);
    expect(first?.[1]).toBeLessThan(150);
  });

  it('waits for what the form of a line promises, but not for long', async () => {
    const [first, second] = await live(['settings:\n', 50, '  port: 80\n', 1_500, '  host: a\n']);
    expect(first?.[0]).toBe('settings:\n  port: 80');
    expect(first?.[1]).toBeLessThan(1_200);
    expect(second?.[0]).toBe('  host: a');
  });

  it('joins a trace whose lines come one by one', async () => {
    const trace = recordsOf('java.log')[1] ?? '';
    const parts = trace.split('\n').flatMap((line) => [`${line}\n`, 2]);
    expect((await live([...parts, 'end\n'])).map(([text]) => text)).toEqual([trace, 'end']);
  });

  it('joins the frames whose head had to go', async () => {
    const frames = '\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)';
    const out = await live(['java.io.IOException: x\n', 900, `${frames}\n`]);
    expect(out.map(([text]) => text)).toEqual(['java.io.IOException: x', frames]);
  });

  it('gives what came before where reading fails', async () => {
    async function* source(): AsyncGenerator<Buffer> {
      await Promise.resolve();
      yield Buffer.from('settings:\n');
      throw new Error('gone');
    }
    const reader = new LineReader({ maxLineBytes: 64, lines: 'logical' });
    const out: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const { texts } of reader.read(source(), true)) out.push(...texts);
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(out).toEqual(['settings:']);
  });
});

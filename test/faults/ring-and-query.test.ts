/** The memory of lines and readings at its bounds: rows that change hands, large numbers, little room. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';
import { memoryAfter } from '../helpers/flat-memory.ts';
import { temporaryFolder, tinyMean } from '../helpers/model-folder.ts';
import { counted, runCounted } from '../helpers/oracle.ts';
import { runImesde, runShell, tiny } from '../helpers/run-imesde.ts';
import { newShapes, readLog } from '../helpers/sample-logs.ts';
import { expectWholeRows, hammeredKernels } from '../scan/hammer.ts';

describe('24. a row leased anew while a query runs', () => {
  it.each(hammeredKernels)(
    'gives no torn vector, and no text with the score of another: %s',
    async (_, kernelOf) => {
      await expectWholeRows(kernelOf, 1.5);
    },
  );

  it('gives each text its own score, asked while lines of new shapes evict others', async () => {
    const options = { model: tinyMean, rank: 'cosine', rows: 64, window: 64, workers: 2 } as const;
    await using engine = await Engine.open(options);
    const texts = newShapes(3_000).trimEnd().split('\n');
    const scores = new Map<string, number>();
    for (let at = 0; at < texts.length; at += 200) {
      // Rows change hands while it searches: 200 shapes come, and 64 have room.
      const ingested = engine.ingestBatch(texts.slice(at, at + 200));
      for (const { text, score } of await engine.search('disk full', 64)) scores.set(text, score);
      await ingested;
    }
    await engine.drained();
    expect(scores.size).toBeGreaterThan(64);
    // Each anew, in a window that nothing moves.
    const all = [...scores.keys()];
    for (let at = 0; at < all.length; at += 64) {
      const some = all.slice(at, at + 64);
      await engine.ingestBatch(some);
      await engine.drained();
      for (const { text, score } of await engine.search('disk full', 64)) {
        if (some.includes(text)) expect(scores.get(text)).toBe(score);
      }
    }
    const { read, waiting, window, evicted } = engine.stats();
    expect(read).toBe(waiting + window + evicted);
  });
});

describe('25. numbers past 2³¹', () => {
  it.each([2 ** 31, 2 ** 32])(
    'lines are numbered on, found, watched and evicted past %d',
    async (edge) => {
      const options = { model: tinyMean, rank: 'cosine', window: 4, workers: 1 } as const;
      await using engine = await Engine.open(options);
      const watching = engine.watch('disk full', -1);
      const texts = ['one', 'two', 'three', 'four', 'disk full', 'six'];
      const firstNumber = edge - 3;
      await engine.ingestBatch({ texts, firstNumber, time: Date.now(), bytesPerChar: 1 });
      await engine.drained();
      const found = await engine.search('disk full', 10, { all: true });
      expect(found[0]).toMatchObject({ text: 'disk full', line: edge + 1 });
      expect(found.map(({ line }) => line).sort()).toEqual([edge - 1, edge, edge + 1, edge + 2]);
      for (const [i, text] of texts.entries()) {
        expect((await watching.next()).value).toMatchObject({ text, line: firstNumber + i });
      }
      await engine.ingest('one more');
      await engine.drained();
      const [newest] = await engine.search('one more', 1);
      expect(newest).toMatchObject({ line: edge + 3 });
      expect(engine.stats()).toMatchObject({ read: 7, window: 4, evicted: 3, waiting: 0 });
    },
  );

  it('lines of a file that is read on from there keep their numbers', async () => {
    const folder = temporaryFolder();
    const [log, state] = [path.join(folder, 'app.log'), path.join(folder, 'state')];
    writeFileSync(log, 'one\ntwo\n');
    const args = ['query', 'disk full', log, '--state', state, '-k', '9', '--json', ...tiny];
    await runCounted(args);
    const kept = readFileSync(state, 'utf8');
    expect(kept).toContain('"lines":2');
    writeFileSync(state, kept.replace('"lines":2', `"lines":${2 ** 31 - 2}`));
    appendFileSync(log, 'three\ndisk full\nfive\n');
    const { stdout, counts } = await runCounted(args);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; text: string });
    expect(lines.find(({ text }) => text === 'disk full')?.line).toBe(2 ** 31);
    expect(lines.map(({ line }) => line).sort()).toEqual([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1]);
    expect(counts.read).toBe(3);
  });
});

describe('26. bounds that are too small, too large, or none', () => {
  it.each([
    ['k = 0', ['-k', '0'], /--top/],
    ['k = -1', ['-k', '-1'], /--top/],
    ['k = 2.5', ['-k', '2.5'], /--top/],
    ['k = NaN', ['-k', 'NaN'], /--top/],
    ['k = 10,001', ['-k', '10001'], /--top/],
    ['window 0', ['--window', '0'], /--window/],
    ['a window of more lines than can be numbered', ['--window', '99999999999'], /--window/],
    ['rows beyond memory', ['--rows', '99999999'], /--rows/],
    [
      'text beyond the machine',
      ['--window-bytes', '64G'],
      /a window of .* MiB.*: lower --window-bytes/,
    ],
  ])('%s: 2, a clear error first', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await runImesde(['query', 'x', ...args], 'disk full\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^imesde: [^\n]+\n$/);
  });

  it('text beyond the heap: 2, a clear error first (bug: V8 aborted when it was full)', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=200' };
    const args = ['-w', 'x', '-s', '1', '--window-bytes', '250M', ...tiny];
    const { exitCode, stdout, stderr } = await runImesde(args, 'a line\n', { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^imesde: [^\n]*more than Node's heap holds[^\n]*--window-bytes[^\n]*\n$/,
    );
  });

  it('a small heap and no word of it: less text is held, and every line is counted', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=60' };
    const line = `${'z'.repeat(1_000)}\n`;
    const input = Array.from({ length: 200 }, () => line.repeat(1_000)); // 200 MB
    const { exitCode, counts } = await runCounted(['-w', 'x', '-s', '1', ...tiny], input, { env });
    expect(exitCode).toBe(1);
    expect(counts.read).toBe(200_000);
    expect(counts.evicted).toBeGreaterThan(100_000);
  });

  it('window 1, and more matches than lines: work', async () => {
    const shop = readLog('shop.log');
    const last = shop.trimEnd().split('\n').at(-1);
    const one = await runCounted(['-w', 'x', '-s', '-1', '--window', '1', ...tiny], shop);
    expect(one).toMatchObject({ exitCode: 0, stdout: shop });
    expect(one.counts).toMatchObject({ read: 309, window: 1, evicted: 308 });
    const args = ['query', 'x', '--all', '-k', '10000', ...tiny];
    const all = await runCounted(args, shop);
    expect(all.stdout.split('\n')).toHaveLength(310);
    const newest = await runCounted([...args, '--window', '1'], shop);
    expect(newest.stdout).toBe(`${last ?? ''}\n`);
  });

  it('ulimit -v too small for shared memory of WebAssembly: the fallback finds the same', async () => {
    const command = `imesde query "disk full" -k 20 --json --stats ${tiny.join(' ')}`;
    const input = '< test/fixtures/logs/shop.log';
    const plain = counted(await runShell(`${command} ${input}`));
    const scarce = counted(await runShell(`ulimit -v ${8 * 1024 * 1024}; ${command} ${input}`));
    expect(scarce).toMatchObject({ exitCode: plain.exitCode, stderr: '' });
    expect(withoutTimes(scarce.stdout)).toBe(withoutTimes(plain.stdout));
  });
});

describe('27. a long stream', () => {
  it('memory is flat after the window is full', async () => {
    const short = await memoryAfter(100_000);
    const long = await memoryAfter(500_000);
    expect(long - short).toBeLessThan(100); // MiB; the lines between would be 160.
  });
});

function withoutTimes(ndjson: string): string {
  return ndjson.replaceAll(/"time":"[^"]*",/g, '');
}

/** The soak in its short form, and whether what it judges by can tell. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectSoaked, soakFolder } from '../helpers/soak.ts';

it('a soak of 24 seconds: whatever happens to it, every line is accounted for', async () => {
  await expectSoaked(['--minutes', '0.4', '--window', '2000']);
}, 480_000);

interface Verdict {
  readonly gapIn: (status: object) => string | undefined;
  readonly judgeMemory: (samples: readonly object[]) => { readonly wrong: readonly string[] };
}

describe('what a soak judges by', async () => {
  const { gapIn, judgeMemory } = (await import(
    pathToFileURL(path.join(soakFolder, 'verdict.js')).href
  )) as Verdict;
  const mebibyte = 2 ** 20;
  /** A run of half an hour, whose memory goes by the minute. */
  const samplesOf = (heap: (minute: number) => number, rss: (minute: number) => number) =>
    Array.from({ length: 30 }, (_, i) => ({
      seconds: (i + 1) * 60,
      evicted: i < 2 ? 0 : i * 1_000,
      heapBytes: heap(i + 1) * mebibyte,
      rssBytes: rss(i + 1) * mebibyte,
    }));
  const saw = (minute: number): number => (minute % 3) * 2;

  it('is flat where memory goes up and down, or has grown before the window was full', () => {
    const wrongOf = (heap: (minute: number) => number, rss: (minute: number) => number) =>
      judgeMemory(samplesOf(heap, rss)).wrong;
    expect(
      wrongOf(
        () => 20,
        () => 300,
      ),
    ).toEqual([]);
    expect(
      wrongOf(
        (minute) => 20 + saw(minute),
        (minute) => 300 + 8 * saw(minute),
      ),
    ).toEqual([]);
    expect(
      wrongOf(
        (minute) => Math.min(minute, 9) * 5,
        (minute) => Math.min(minute, 9) * 50,
      ),
    ).toEqual([]);
    const once = (minute: number): number => (minute === 20 ? 900 : 300);
    expect(wrongOf(() => 20, once)).toEqual([]);
  });

  it('says so where the heap grows by half a MiB a minute, or resident memory by three', () => {
    expect(
      judgeMemory(
        samplesOf(
          (minute) => 20 + saw(minute) + minute / 2,
          () => 300,
        ),
      ).wrong,
    ).toEqual([expect.stringMatching(/^heapBytes grew by 1\d\.\d MiB in 1\d{3} s/)]);
    expect(
      judgeMemory(
        samplesOf(
          () => 20,
          (minute) => 300 + saw(minute) + 3 * minute,
        ),
      ).wrong,
    ).toEqual([expect.stringMatching(/^rssBytes grew by 6\d\.\d MiB/)]);
  });

  it('says so where the window was never full, or a sum does not add up', () => {
    const never = samplesOf(
      () => 20,
      () => 300,
    ).map((sample) => ({ ...sample, evicted: 0 }));
    expect(judgeMemory(never).wrong).toEqual([expect.stringContaining('window was full')]);
    const lines = { read: 10, waiting: 1, window: 4, evicted: 3, skipped: { empty: 1, vector: 1 } };
    expect(gapIn({ lines })).toBeUndefined();
    expect(gapIn({ lines: { ...lines, evicted: 2 } })).toBe('read 10, but 9 are accounted for');
  });
});

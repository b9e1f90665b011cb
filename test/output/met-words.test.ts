import { describe, expect, it } from 'vitest';
import { metSpans } from '../../src/output/met-words.ts';

/** The words of a line that are shown as met. */
function met(text: string, words: readonly string[], literals?: readonly string[]): string[] {
  const why = {
    words: words.map((word) => ({ word: 'x', weight: 1, met: word, strength: 1 })),
    whole: 0,
    sum: 0,
    literals,
  };
  return metSpans(text, why).map(({ from, to }) => text.slice(from, to));
}

describe('the words of a line that met', () => {
  it.each([
    ['in whatever case', 'ERROR Error error', ['error'], ['ERROR', 'Error', 'error']],
    ['whole words only', 'terror errors error2 error_x', ['error'], ['error', 'error']],
    ['parts of joined words', 'java.lang.OutOfMemoryError', ['memory'], ['Memory']],
    ['behind capitals', 'an IOException, TCPReset', ['exception', 'tcp'], ['Exception', 'TCP']],
    ['without accents', 'Gerät FÄLLT aus', ['gerat', 'fallt'], ['Gerät', 'FÄLLT']],
    ['with marks of their own', 'cafe\u0301 closed', ['cafe'], ['cafe\u0301']],
    ['ideographs one by one', '磁盘已满', ['满'], ['满']],
    ['n’t for not', "it isn't not", ['not'], ["n't", 'not']],
    [
      'behind escapes',
      '\x1b[31merror #033[1merror {"a":"b\\nerror',
      ['error'],
      ['error', 'error', 'error'],
    ],
    ['behind what lies beyond 16 bits', '🔥fire 𝒳 fire', ['fire'], ['fire', 'fire']],
    ['joined where they touch', 'aab', ['aa', 'aab'], ['aab']],
    ['nothing where there is none', 'all quiet', ['error'], []],
  ])('%s', (_, text, words, shown) => {
    expect(met(text, words)).toEqual(shown);
  });

  it('are the numbers of the phrase too, but no parts of others', () => {
    expect(met('503 1503 v503 5030 "503"', [], ['503'])).toEqual(['503', '503']);
  });

  it('are none that only come a little near', () => {
    const word = { word: 'x', weight: 1, met: 'error', strength: 0.5 };
    expect(metSpans('error', { words: [word], whole: 0, sum: 0 })).toEqual([]);
  });

  it('take no time to speak of in a long hostile line', () => {
    const text = 'aA\u0301'.repeat(20_000);
    const start = performance.now();
    met(text, ['a', 'aa', 'aaa', 'not'], ['1']);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

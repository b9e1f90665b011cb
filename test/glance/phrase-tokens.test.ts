import { describe, expect, it } from 'vitest';
import { DocumentFrequencies, idfOf } from '../../src/glance/document-frequencies.ts';
import { phraseTokens, weighTokens, type PhraseTokens } from '../../src/glance/phrase-tokens.ts';

/** Tokens with vectors of two dimensions, the first of which is 1 / (1 + place). */
function tokensOf(tokens: readonly string[]): PhraseTokens {
  return phraseTokens({
    tokens,
    tokenIds: Uint32Array.from(tokens, (_, i) => 1_000 + i),
    tokenVectors: Float32Array.from(tokens.flatMap((_, i) => [1 / (1 + i), 0])),
  });
}

function weightsOf(phrase: PhraseTokens, frequencies = new DocumentFrequencies()): number[] {
  const weights = new Float64Array(phrase.count);
  weighTokens(phrase, frequencies, weights);
  return [...weights];
}

describe('phraseTokens', () => {
  it('keeps ids, and vectors as int8 codes', () => {
    const { count, ids, codes } = tokensOf(['disk', 'full', 'now']);
    expect({ count, ids: [...ids], codes: [...codes] }).toEqual({
      count: 3,
      ids: [1_000, 1_001, 1_002],
      codes: [127, 0, 64, 0, 42, 0],
    });
  });

  it('keeps the first 32 tokens of a long phrase', () => {
    const phrase = tokensOf(Array.from({ length: 40 }, (_, i) => `w${i}`));
    expect(phrase.count).toBe(32);
    expect([phrase.ids.length, phrase.codes.length, phrase.isIdle.length]).toEqual([32, 64, 32]);
    expect(phrase.ids[31]).toBe(1_031);
  });

  it('finds nothing with function words and lone punctuation', () => {
    const tokens = ['the', 'disk', 'is', '!', '…', 'full', '##ing', '日', '7', 'something'];
    expect(tokensOf(tokens).isIdle).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('has no tokens where the phrase has none', () => {
    expect(tokensOf([])).toMatchObject({ count: 0, isIdle: [] });
    expect(weightsOf(tokensOf([]))).toEqual([]);
  });
});

describe('weighTokens', () => {
  it('weighs by idf², to a sum of 1', () => {
    const frequencies = new DocumentFrequencies();
    for (let i = 0; i < 10; i += 1) frequencies.add(Uint16Array.of(1_000), 0, 1);
    const [common, rare] = weightsOf(tokensOf(['disk', 'full']), frequencies);
    expect(common! + rare!).toBeCloseTo(1, 12);
    const share = (idfOf(frequencies, 1_000) / idfOf(frequencies, 1_001)) ** 2;
    expect(common! / rare!).toBeCloseTo(share, 12);
  });

  it('gives idle tokens nothing', () => {
    expect(weightsOf(tokensOf(['the', 'disk', '.']))).toEqual([0, 1, 0]);
  });

  it('gives all the same where all are idle', () => {
    expect(weightsOf(tokensOf(['is', 'it', 'on', '?']))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

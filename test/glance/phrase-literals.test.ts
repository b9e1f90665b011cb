import { describe, expect, it } from 'vitest';
import { PhraseLiterals } from '../../src/glance/phrase-literals.ts';

function share(phrase: string, line: string): number | undefined {
  return PhraseLiterals.of(phrase)?.shareIn(line);
}

describe('what of a phrase must be found as it stands', () => {
  it.each(['db failure', 'S3 upload failed', 'log4j', 'rollout of 5G', 'v2.1 crashed', 'utf_8'])(
    'is nothing in %j: a name is no number',
    (phrase) => {
      expect(PhraseLiterals.of(phrase)).toBeUndefined();
    },
  );

  it.each([
    ['error 503', 'GET / HTTP/1.1" 503 0', 1],
    ['error 503', 'took 1503 ms', 0],
    ['error 503', 'took 5031 ms', 0],
    ['error 503', 'load 503.7', 0],
    ['error 503', 'load 0.503', 0],
    ['error 503', 'it was 503.', 1],
    ['error 503', 'build v503', 0],
    ['error 503', 'x1503 then 503', 1],
    ['cut by 75 points', 'cut by 75bp', 1],
    ['between 9:30 and 10:00', 'at 9:30 and 10:00', 1],
    ['between 9:30 and 10:00', 'at 10:00', 0.5],
    ['4 of 4', 'disk 4', 1],
    ['loss of 1,5', 'loss of 1,5', 1],
  ])('%j in %j: share %d', (phrase, line, expected) => {
    expect(share(phrase, line)).toBe(expected);
  });

  it.each([
    ['注文が失敗しました', '注文12345が失敗しました', 1],
    ['注文が失敗しました', '注文12346が完了しました', 0.5],
    ['🔥 on prod', '🔥 prod is down', 1],
    ['🔥 on prod', 'prod is down', 0],
    ['# of * errors', '# of * errors', undefined],
  ])('is a character too that the tokenizer does not know: %j in %j', (phrase, line, expected) => {
    expect(share(phrase, line)).toBe(expected);
  });

  it('is looked for in lines of any kind', () => {
    expect(share('error 1', '1'.repeat(1_000_000))).toBe(0);
    expect(share('1 '.repeat(1_000), '1')).toBe(1);
  });
});

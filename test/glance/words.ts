/** Words of every kind for the tokenizer, the same on every machine. */
import { Random } from '../simulator/random.ts';

/** First and last code points of what trips a tokenizer over, each block as likely as the others. */
const blocks: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x21, 0x7e],
  [0x7f, 0xbf],
  [0xc0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x590, 0x6ff],
  [0x900, 0xdff],
  [0xe00, 0xfff],
  [0x1100, 0x11ff],
  [0x1780, 0x1cff],
  [0x1dc0, 0x1fff],
  [0x2000, 0x20ff], // Spaces, punctuation, format characters, marks around symbols.
  [0x2100, 0x27ff],
  [0x2e00, 0x2e7f],
  [0x3000, 0x30ff],
  [0x3400, 0x9fff],
  [0xac00, 0xd7a3],
  [0xd800, 0xdfff], // Halves of pairs.
  [0xe000, 0xf8ff],
  [0xf900, 0xfaff],
  [0xfe00, 0xfe6f],
  [0xfeff, 0xfeff],
  [0xff00, 0xffff],
  [0x10000, 0x11fff],
  [0x16ff0, 0x16ff1],
  [0x1d100, 0x1d1ff],
  [0x1d400, 0x1d7ff],
  [0x1f1e6, 0x1faff],
  [0x20000, 0x2a6df],
  [0x2f800, 0x2fa1f],
  [0xe0000, 0xe01ef],
  [0x0, 0x10ffff],
];

const ofSpecialInterest = [
  ...['[SEP]', '[CLS]x', 'a[MASK]b', '[UNK]', '[PAD', '[[SEP]]', '[sep]', '##ing', '#', '##', ''],
  ...[
    'İstanbul',
    'straße',
    'STRASSE',
    'ΟΔΟΣ',
    'ΟΔΟΣ-Σ',
    'ΣΑΣ.',
    'ŉ',
    'ǅ',
    'ﬁn',
    '\u212b',
    '\u2126',
    'ﬃ',
  ],
  ...[
    'ｆｕｌｌ',
    'ＷＩＤＥ！',
    'e\u0301',
    'E\u0301\u0316',
    '\u0301',
    '\uac01',
    '\u1100\u1161\u11a8',
    'がぎ',
    '\u30ab\u3099',
  ],
  ...['a\u200bb', '\ufeffa', 'a\u00adb', 'a\0b', 'a\ufffdb', 'a\u00a0b', 'a\u3000b', 'a\u2028b'],
  ...['a\u0085b', 'a\vb', 'a\fb', 'a\tb c\nd\re', '\ud83da', 'a\udc00', '\ud83d\u200b\ude00'],
  ...[
    '👩‍👩‍👧',
    '👍🏽',
    '🇩🇪',
    '❤️',
    '≠',
    'a≮b',
    '\u037e',
    '\u1fef',
    '漢字kanji',
    '𠀀𠀁',
    '\uf900',
    '\u{2f800}',
  ],
  ...['日本語', '한국어', 'العربية', 'हिन्दी', 'ไทย', 'a\u034fb', 'don’t', '¿qué?', '…', '—x—', '·'],
];

/** @param pieces - characters to put together, as tokens of a vocabulary have them */
export function* randomWords(seed: number, pieces: readonly string[]): Generator<string> {
  const random = new Random(seed);
  const repeat = (count: number, char: () => string): string =>
    Array.from({ length: count }, char).join('');
  const inRange = ([first, last]: readonly [number, number]): string =>
    String.fromCodePoint(random.between(first, last));
  const letter = (): string => inRange([0x61, 0x7a]);
  const any = (): string => inRange(random.pick(blocks));
  yield* ofSpecialInterest;
  for (let i = 0; i < 19_000; i += 1) {
    yield repeat(random.between(1, 16), letter);
    yield repeat(random.between(2, 4), () => random.pick(pieces));
    yield repeat(random.between(1, 8), any);
    yield repeat(random.between(2, 5), () => (random.chance(0.6) ? random.pick(pieces) : any()));
    yield repeat(random.between(1, 12), () => inRange([0x00, 0x7f]));
    const block = random.pick(blocks);
    yield repeat(random.between(1, 12), () => (random.chance(0.8) ? inRange(block) : letter()));
  }
  for (let i = 0; i < 3_000; i += 1) {
    // What is known piece by piece at any length.
    const chars = [random.pick(pieces).slice(0, 1), 'x', 'é', 'я', '𝔞', '漢', '\u0301', '\u0903'];
    const [often, seldom] = [random.pick(chars), random.pick(chars)];
    const length = random.pick([random.between(97, 104), random.between(196, 204)]);
    yield repeat(length, () => (random.chance(0.97) ? often : seldom));
  }
}

const marks = Array.from({ length: 0x11_0000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((char) => /\p{M}/u.test(char));
/** Those that are left of a word and can yet change places. */
const sortedSpacingMarks = marks.filter(
  (char) => /\p{Mc}/u.test(char) && `\u0345${char}`.normalize('NFD').endsWith('\u0345'),
);

/** Letters with many marks. */
export function* markedWords(seed: number): Generator<string> {
  const random = new Random(seed);
  for (let i = 0; i < 2_000; i += 1) {
    let word = '';
    for (let run = random.between(1, 3); run > 0; run -= 1) {
      const share = random.pick([0, 0.05, 0.5, 0.95, 1]);
      word += random.pick(['a', 'é', '𝅗𝅥', '漢', '.', '']);
      for (let count = random.between(20, 130); count > 0; count -= 1) {
        word += random.pick(random.chance(share) ? sortedSpacingMarks : marks);
      }
    }
    yield word;
  }
}

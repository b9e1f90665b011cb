/** The words of lines and phrases, and a tokenizer that knows them. Keys are written in small letters. */
import type { LoadedModel } from '../../src/embed/model.ts';

/** Say nothing of trouble, and no rule of the masker knows them. */
export const plainWords = (
  'heron stork finch raven robin swift eagle goose crane plover osprey kestrel curlew linnet dipper ' +
  'siskin wren bittern gannet petrel teal wigeon smew tern auk egret magpie jackdaw thrush ' +
  'nuthatch dunnock whinchat pipit wagtail oriole hobby merlin harrier buzzard grebe'
).split(' ');

/** How plainly a word speaks of trouble in a line, and in a phrase. */
export const troubleWords = new Map<string, { readonly inLine: number; readonly inPhrase: number }>(
  Object.entries({
    failed: { inLine: 1, inPhrase: 1 },
    late: { inLine: 1, inPhrase: 1 },
    retry: { inLine: 0.5, inPhrase: 0.5 },
    fatal: { inLine: 0.5, inPhrase: 1 },
  }),
);
/** Says in a phrase that all went well. */
export const wellWord = 'ready';
/** Hold a phrase together and look for nothing. */
export const idleWords = ['the', 'of'];
/** The model gives no vector of a text with this word. */
export const badWord = 'rotten';
/** The tokenizer has nothing for this word. */
export const silentWord = 'hush';
/** The key of a line of numbers alone. */
export const numberWord = 'number';

export const pieceCount = 128;
const classifier = 0;
const separator = 1;
/** Second pieces, which words share. */
const endings = { first: 100, count: 8 };
/** Pieces of words that nobody knows. */
const unknown = { first: 120, count: 8 };

const ids = new Map<string, readonly number[]>();
const tokens = new Map<number, string>();
for (const [index, word] of [
  ...[...idleWords, ...troubleWords.keys(), wellWord, badWord],
  ...plainWords,
].entries()) {
  const own = separator + 1 + index;
  tokens.set(own, word);
  ids.set(word, index % 3 === 2 ? [own, endings.first + (index % endings.count)] : [own]);
}
ids.set(silentWord, []);

export const badId = ids.get(badWord)![0]!;

/** Ids of a word; those of a text are its words' ids in a row. */
export function wordIds(word: string): readonly number[] {
  return ids.get(word) ?? [unknown.first + (word.length % unknown.count)];
}

export function textIds(text: string): number[] {
  return text.split(' ').flatMap((word) => (word === '' ? [] : wordIds(word)));
}

/** Special tokens included. */
export function encode(text: string, maxTokens = Infinity): number[] {
  return [classifier, ...textIds(text).slice(0, maxTokens - 2), separator];
}

export function createEncoder(): ReturnType<LoadedModel['createEncoder']> {
  return {
    prefix: [classifier],
    suffix: [separator],
    encode,
    wordIds,
    token: (id) => tokens.get(id) ?? `##${id}`,
  };
}

/** The word that a wordpiece is, or begins. */
export function wordOf(piece: number): string | undefined {
  return tokens.get(piece);
}

/** A line's shape: its words without the number at the end. Undefined for an empty line. */
export function keyOf(text: string): string | undefined {
  if (text === '') return undefined;
  const words = text.split(' ').filter((word) => !/\d/.test(word));
  return words.length === 0 ? numberWord : words.join(' ');
}

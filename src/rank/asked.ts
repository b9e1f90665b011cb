/** What is asked for: a phrase, examples of what it means, and what is not meant. */
import { ImesdeError } from '../shared/errors.ts';
import { marksMax } from '../shared/limits.ts';

/** What a person marks as right or wrong. */
export interface Marks {
  /** Lines, or other texts, that are examples of what is asked for: in place of a phrase, or beside it. */
  readonly like?: readonly string[] | undefined;
  /** What is nearer to one of these than to all that is asked for is not told. */
  readonly unlike?: readonly string[] | undefined;
}

/** One question. */
export interface Asked {
  /** Undefined where examples stand in its place. */
  readonly phrase: string | undefined;
  readonly like: readonly string[];
  readonly unlike: readonly string[];
}

/**
 * Examples stand beside the only phrase; where there are several, or none, they are a question of
 * their own, behind the phrases.
 */
export function questionsOf(
  phrases: readonly string[],
  { like = [], unlike = [] }: Marks = {},
): Asked[] {
  const [only] = phrases;
  if (only !== undefined && phrases.length === 1) return [{ phrase: only, like, unlike }];
  const asked: Asked[] = phrases.map((phrase) => ({ phrase, like: [], unlike }));
  if (like.length > 0) asked.push({ phrase: undefined, like, unlike });
  return asked;
}

/** What a question is called in what is told: its phrase, or its first example. */
export function nameOf({ phrase, like }: Asked): string {
  return phrase ?? like[0] ?? '';
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE where nothing is asked for, or a mark says nothing */
export function assertAsked({ phrase, like, unlike }: Asked): void {
  if (phrase === undefined ? like.length === 0 : phrase.trim() === '') {
    throw new ImesdeError('ERR_IMESDE_USAGE', 'the phrase is empty: say what to look for');
  }
  for (const [name, texts] of Object.entries({ like, unlike })) {
    if (texts.some((text) => text.trim() === '')) {
      throw new ImesdeError('ERR_IMESDE_USAGE', `a text of ${name} is empty: give a line`);
    }
    if (texts.length <= marksMax) continue;
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `${texts.length} texts of ${name} are too many: give ${marksMax} at most`,
    );
  }
}

/** Of a phrase alone, or of a question. */
export function asQuestion(asked: string | Asked): Asked {
  return typeof asked === 'string' ? { phrase: asked, like: [], unlike: [] } : asked;
}

/** What tells news, made of what a model's folder has. */
import type { Encoder, LoadedModel } from '../embed/model.ts';
import type { ModelSpec } from '../embed/model-spec.ts';
import { ImesdeError } from '../shared/errors.ts';
import { Newness } from './newness.ts';
import { SeenFile } from './seen-file.ts';

/** What is asked of a tokenizer. */
type Words = Pick<Encoder, 'wordIds' | 'token'>;

/**
 * @param folder - of the model, in messages
 * @throws {ImesdeError} ERR_IMESDE_MODEL where there is no word table to tell it by
 */
export function newnessFor(
  words: LoadedModel['words'],
  encoder: Pick<Words, 'wordIds'>,
  folder: string,
): Newness {
  if (words !== undefined) {
    return new Newness({ table: words, wordIds: (word) => encoder.wordIds(word) });
  }
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${folder} has no word table, by which lines are compared: leave --model out`,
  );
}

/** @returns undefined where nothing is to be kept */
export function seenFileAt(
  file: string | undefined,
  { sha256, name }: Pick<ModelSpec, 'sha256' | 'name'>,
  encoder: Words,
): SeenFile | undefined {
  if (file === undefined) return undefined;
  return new SeenFile(file, {
    wordIds: (word) => encoder.wordIds(word),
    pieceOf: (id) => encoder.token(id),
    model: sha256 ?? name,
  });
}

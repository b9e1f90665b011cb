/**
 * The shapes that were seen, kept in a file for the next run: of each a hash, and the wordpieces of its
 * words, by which what is new is compared with it. That is what the lines say, without their values: as
 * secret as the log, so the file is its owner's alone.
 */
import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { WordIds } from '../glance/key-reader.ts';
import { ImesdeError } from '../shared/errors.ts';
import { replaceFile } from '../shared/replace-file.ts';
import type { Newness } from './newness.ts';

const version = 1;
/** A wordpiece that goes on with a word. */
const continuation = '##';

export interface SeenFileOptions {
  readonly wordIds: WordIds;
  /** The text of a wordpiece. */
  readonly pieceOf: (id: number) => string;
  /** Names the wordpieces: what another tokenizer cut can't be read. */
  readonly model: string;
}

/** Hash, and Uint16[pieces] in base64. */
type SeenShape = readonly [string, string];

export class SeenFile {
  readonly #path: string;
  readonly #options: SeenFileOptions;

  /** @param path - made by `save` where it is not there */
  constructor(path: string, options: SeenFileOptions) {
    this.#path = path;
    this.#options = options;
  }

  /**
   * @returns the shapes restored
   * @throws {ImesdeError} ERR_IMESDE_INPUT where it can't be read, is something else, or of another model
   */
  async restore(newness: Newness): Promise<number> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return 0;
      throw new ImesdeError(
        'ERR_IMESDE_INPUT',
        `can't read what was seen, ${this.#path} (${code ?? ''}): name another file for it`,
        { cause: error },
      );
    }
    const shapes = this.#shapesOf(text);
    for (const [hash, pieces] of shapes) newness.restore(this.#keyOf(pieces), hash);
    return shapes.length;
  }

  /** @throws {ImesdeError} ERR_IMESDE_OUTPUT */
  async save(newness: Newness): Promise<void> {
    const shapes = Array.from(newness.entries(), ([key, hash]): SeenShape => [
      hash,
      this.#piecesOf(key),
    ]);
    try {
      const { model } = this.#options;
      await replaceFile(this.#path, `${JSON.stringify({ version, model, shapes })}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ImesdeError(
        'ERR_IMESDE_OUTPUT',
        `can't write what was seen to ${this.#path} (${code ?? ''}): name a file where one may be made`,
        { cause: error },
      );
    }
  }

  #shapesOf(text: string): SeenShape[] {
    let model: unknown;
    try {
      const seen = JSON.parse(text) as { version?: unknown; model?: unknown; shapes?: unknown };
      if (seen.version === version && Array.isArray(seen.shapes)) {
        const shapes = (seen.shapes as unknown[]).filter(isSeenShape);
        ({ model } = seen);
        if (model === this.#options.model && shapes.length === seen.shapes.length) return shapes;
      }
    } catch {
      // Said below.
    }
    const what =
      typeof model === 'string' && model !== this.#options.model
        ? 'was seen with another model'
        : 'is nothing that this imesde wrote, or is damaged';
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `${this.#path} ${what}: remove it to begin anew, or name another`,
    );
  }

  #piecesOf(key: string): string {
    const { wordIds } = this.#options;
    const ids = key.split(' ').flatMap((word) => Array.from(wordIds(word)));
    return Buffer.from(Uint16Array.from(ids).buffer).toString('base64');
  }

  #keyOf(pieces: string): string {
    const bytes = Buffer.from(pieces, 'base64');
    let key = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const piece = this.#options.pieceOf(bytes.readUInt16LE(at));
      if (piece.startsWith(continuation)) key += piece.slice(continuation.length);
      else key += key === '' ? piece : ` ${piece}`;
    }
    return key;
  }
}

function isSeenShape(value: unknown): value is SeenShape {
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
  );
}

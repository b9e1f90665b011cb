/** Lines into the stages: one ingestion after the other, numbered as they come. */
import { batchOf, numberBehind } from '../input/batch-of.ts';
import type { LineBatch } from '../input/line-batch.ts';
import { ImesdeError } from '../shared/errors.ts';
import { Turns } from '../shared/turns.ts';
import type { Stages } from './stages.ts';

export class Intake {
  readonly #stages: Stages;
  readonly #turns = new Turns();
  #nextNumber = 1;

  constructor(stages: Stages) {
    this.#stages = stages;
  }

  /** @param signal - given up, those lines are taken in that were accepted */
  async take(lines: readonly string[] | LineBatch, signal: AbortSignal | undefined): Promise<void> {
    await this.#inTurn(async () => {
      signal?.throwIfAborted();
      const batch = batchOf(lines, this.#nextNumber);
      const accepted = await this.#stages.committer.ingest(batch, signal);
      this.#nextNumber = numberBehind(batch, accepted);
    });
  }

  /**
   * @param vectors - see Engine.ingestRaw
   * @throws {ImesdeError} ERR_IMESDE_DIMENSIONS
   */
  async takeRaw(vectors: Float32Array, texts: readonly string[]): Promise<void> {
    const { dimensions } = this.#stages.ring.layout;
    if (vectors.length !== texts.length * dimensions) {
      throw new ImesdeError(
        'ERR_IMESDE_DIMENSIONS',
        `${vectors.length} numbers are not ${texts.length} vectors of ${dimensions} dimensions`,
      );
    }
    await this.#inTurn(async () => {
      for (const [index, text] of texts.entries()) {
        const place = { text, number: this.#nextNumber, time: Date.now() };
        while (!this.#stages.ingestRaw(vectors, index * dimensions, place)) {
          await this.#stages.committer.progress();
        }
        this.#nextNumber += 1;
      }
    });
  }

  /** So that lines are numbered and commit as they were given. */
  async #inTurn(ingest: () => Promise<void>): Promise<void> {
    await this.#turns.run(async () => {
      await this.#stages.watching.opened();
      await ingest();
    });
  }
}

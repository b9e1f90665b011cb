/* eslint-disable @typescript-eslint/no-non-null-assertion -- Typed arrays: each index is in range by construction. */
/**
 * What was counted for each shape when it was added, so that its removal takes back the same:
 * three numbers of 32 bits a shape, in pages, so that no growth copies them all.
 */
const pageShapes = 4_096;
const fields = 3;

export class ShapeRecords {
  readonly #pages: (Uint32Array | undefined)[] = [];

  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + (page?.byteLength ?? 0), 0);
  }

  /**
   * @param frames - a bit for each frame that was counted; the others were first sights
   * @param pairs - likewise
   * @param form - the form that was counted, or 0
   */
  write(shape: number, frames: number, pairs: number, form: number): void {
    const page = (this.#pages[Math.floor(shape / pageShapes)] ??= new Uint32Array(
      pageShapes * fields,
    ));
    const at = (shape % pageShapes) * fields;
    page[at] = frames;
    page[at + 1] = pairs;
    page[at + 2] = form;
  }

  frames(shape: number): number {
    return this.#read(shape, 0);
  }

  pairs(shape: number): number {
    return this.#read(shape, 1);
  }

  form(shape: number): number {
    return this.#read(shape, 2);
  }

  #read(shape: number, field: number): number {
    const page = this.#pages[Math.floor(shape / pageShapes)];
    return page === undefined ? 0 : page[(shape % pageShapes) * fields + field]!;
  }
}

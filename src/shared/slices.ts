/** Long work on the thread in slices, between which reading and answering go on. */
import { nextTurn } from './next-turn.ts';

const sliceMs = 2;

export class Slices {
  #end = performance.now() + sliceMs;

  /** Whether it is time for `next`: looked at every so many steps, for it reads the clock. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Resolves when other work of the thread has had its turn; a new slice begins. */
  async next(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + sliceMs;
  }
}

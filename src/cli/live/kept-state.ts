/** The state of a live run: written every few seconds. */
import type { ReadState } from '../../input/read-state.ts';
import { KeptFile } from '../kept-file.ts';
import type { LineTaker, Run } from '../run.ts';

const everyMs = 5_000;

export function keptState(run: Run, taker: LineTaker, state: ReadState): KeptFile {
  return new KeptFile(run, taker, {
    everyMs,
    version: () => state.noteCount,
    takeDown: () => {
      const { places } = state;
      return () => state.save(places);
    },
    isAhead: true,
  });
}

/** What `ask` and `status` share. Imports nothing of the engine: they start in a fraction of its time. */
import { Asker, type AnswerLine, type AskedAnswer } from '../../control/fifo/asker.ts';
import type { Operation } from '../../control/request.ts';
import type { AskerFlags } from '../live/control-options.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Leaves nothing behind, also where a signal ends it. */
export async function askInstance(
  { fifo, timeout }: AskerFlags,
  operations: readonly Operation[],
): Promise<AskedAnswer[]> {
  let asker: Asker | undefined;
  const leave = (): void => {
    asker?.close();
    for (const name of stopSignals) process.off(name, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    leave();
    process.kill(process.pid, signal);
  };
  for (const name of stopSignals) process.on(name, onSignal);
  try {
    asker = new Asker({ fifo, timeoutMs: timeout });
    return await asker.ask(operations);
  } finally {
    leave();
  }
}

/** The id is of use between the two of them only. */
export function withoutId(line: AnswerLine): AnswerLine {
  return { ...line, id: undefined };
}

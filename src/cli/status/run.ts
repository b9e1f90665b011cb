import { formatStatus, type Status } from '../../control/status.ts';
import { Writer } from '../../output/writer.ts';
import { askInstance, withoutId } from '../ask/instance.ts';
import type { StatusOptions } from './command.ts';

export async function runStatus(options: StatusOptions): Promise<number> {
  const [answer] = await askInstance(options, [{ op: 'status' }]);
  const status = withoutId(answer?.lines[0] ?? {});
  const writer = new Writer(process.stdout, () => undefined);
  writer.write(
    options.json === true
      ? `${JSON.stringify(status)}\n`
      : formatStatus(status as unknown as Status),
  );
  await writer.flushed();
  return 0;
}

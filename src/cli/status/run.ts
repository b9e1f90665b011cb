import { formatStatus, type Status } from '../../control/status.ts';
import { Writer } from '../../output/writer.ts';
import { askInstance, withoutId } from '../ask/instance.ts';
import { complain } from '../complain.ts';
import type { StatusOptions } from './options.ts';

const failure = 2;

export async function runStatus(options: StatusOptions): Promise<number> {
  if (options.fleet === true) return await runFleetStatus(options);
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

async function runFleetStatus(options: StatusOptions): Promise<number> {
  const { statusOfFleet } = await import('../ask/fleet.ts');
  const { formatFleet } = await import('./fleet-table.ts');
  const { statuses, problem } = await statusOfFleet(options);
  const writer = new Writer(process.stdout, () => undefined);
  if (options.json === true) {
    for (const { host, status } of statuses) {
      writer.write(`${JSON.stringify({ host, ...status, id: undefined })}\n`);
    }
  } else {
    writer.write(formatFleet(statuses));
  }
  await writer.flushed();
  if (problem === undefined) return 0;
  if (!problem.isTolerated || process.stderr.isTTY) complain(problem.message);
  return problem.isTolerated ? 0 : failure;
}

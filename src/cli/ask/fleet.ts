/** Asks a fleet, for `ask` and `status`, and says who did not answer. Loads the client of the bus. */
import { FleetAsker, type FleetReplies } from '../../control/nats/fleet-asker.ts';
import type { Missing } from '../../control/nats/gathering.ts';
import { comparable, hostAnswerOf, scaleOf } from '../../control/nats/host-reply.ts';
import { mergeAnswers, type FleetAnswer, type MergeOptions } from '../../control/nats/merge.ts';
import { busSettings } from '../../control/nats/settings.ts';
import { assertGroup, type BusOperation } from '../../control/nats/subjects.ts';
import { fleetMatchesMax } from '../../control/limits.ts';
import type { Operation } from '../../control/request.ts';
import { complain } from '../complain.ts';
import type { FleetAskerFlags } from '../fleet-options.ts';
import type { AskerFlags } from '../live/control-options.ts';

type Flags = AskerFlags & FleetAskerFlags;

/** Who did not answer; undefined where nothing is wrong. */
export interface FleetProblem {
  readonly message: string;
  /** As many answered as must: to be told to a person, but no failure. */
  readonly isTolerated: boolean;
}

export interface FleetAnswers {
  /** Phrase by phrase. */
  readonly answers: readonly FleetAnswer[];
  /** How many answered. */
  readonly hostCount: number;
  readonly problem: FleetProblem | undefined;
}

/** Hosts that are named; more are counted. */
const namesMax = 20;

/** @throws {ImesdeError} ERR_IMESDE_CONTROL, ERR_IMESDE_USAGE */
export async function questionFleet(
  flags: Flags,
  operations: readonly Operation[],
  options: MergeOptions,
): Promise<FleetAnswers> {
  const asked = await askFleet(flags, 'query', operations);
  const { same, others } = comparable(asked.replies[0] ?? []);
  const ids = new Set(same.map(({ id }) => id));
  const missing = [
    ...asked.missing,
    ...others.map((reply) => ({ host: reply.host, why: `another scale: ${scaleOf(reply)}` })),
  ];
  const answers = asked.replies.map((replies) =>
    mergeAnswers(replies.filter(({ id }) => ids.has(id)).map(hostAnswerOf), options),
  );
  const problem = problemOf(flags, same.length, missing, asked.leftOutCount);
  return { answers, hostCount: same.length, problem };
}

/** @throws {ImesdeError} ERR_IMESDE_CONTROL, ERR_IMESDE_USAGE */
export async function statusOfFleet(flags: Flags): Promise<{
  readonly statuses: readonly { readonly host: string; readonly status: object }[];
  readonly problem: FleetProblem | undefined;
}> {
  const { replies, missing } = await askFleet(flags, 'status', [{ op: 'status' }]);
  const statuses = (replies[0] ?? []).flatMap(({ host, lines: [status] }) =>
    status === undefined ? [] : [{ host, status }],
  );
  return { statuses, problem: problemOf(flags, statuses.length, missing, 0) };
}

async function askFleet(
  { group, server, expect, timeout }: Flags,
  kind: BusOperation,
  operations: readonly Operation[],
): Promise<FleetReplies> {
  assertGroup(group);
  const settings = busSettings(server);
  const asker = await FleetAsker.connect({ settings, group, expect, timeoutMs: timeout });
  if (asker.isUnencrypted && process.stderr.isTTY) {
    const where = settings.servers.join(', ');
    complain(`what ${where} is asked goes there unencrypted: give it TLS, and name it tls://…`);
  }
  try {
    return await asker.ask(kind, operations);
  } finally {
    await asker.close();
  }
}

export function problemOf(
  { expect, timeout }: Pick<Flags, 'expect' | 'timeout'>,
  answered: number,
  missing: readonly Missing[],
  leftOut: number,
): FleetProblem | undefined {
  const isEnough = answered >= (expect ?? 0);
  const problems: string[] = [];
  if (!isEnough || missing.length > 0) {
    const total = Math.max(expect ?? 0, answered + missing.length);
    const named = missing.slice(0, namesMax).map(({ host, why }) => {
      const time = why === 'silent' ? ` for ${timeout / 1000} s` : '';
      return `${host} (${why}${time})`;
    });
    if (missing.length > namesMax) named.push(`${missing.length - namesMax} more`);
    const unlisted = total - answered - missing.length;
    if (unlisted > 0) named.push(`${unlisted} that no server lists`);
    problems.push(
      `${total - answered} of ${total} instances gave no answer: ${named.join(', ')}: ` +
        `see imesde status --fleet, or say how many are enough, --expect N`,
    );
  }
  if (leftOut > 0) {
    problems.push(`${leftOut} matches beyond ${fleetMatchesMax} are left out: ask for fewer, -k N`);
  }
  if (problems.length === 0) return undefined;
  const isTolerated = expect !== undefined && isEnough && leftOut === 0;
  return { message: problems.join('; '), isTolerated };
}

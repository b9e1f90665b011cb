/** Which consumers can be read without losing anything, and the command that would make one right. */
import { ImesdeError } from '../../shared/errors.ts';

/** What is used of a consumer's configuration, as the server tells it; times in nanoseconds. */
export interface CheckedConsumer {
  readonly ack_policy?: string | undefined;
  readonly ack_wait?: number | undefined;
  readonly backoff?: readonly number[] | undefined;
  readonly max_deliver?: number | undefined;
  readonly deliver_subject?: string | undefined;
  readonly durable_name?: string | undefined;
  readonly headers_only?: boolean | undefined;
}

const nanosAMs = 1_000_000;
/** What the server waits at least before it gives a message to another: a pause here is shorter. */
const ackWaitMsMin = 1_000;

/** @throws {ImesdeError} ERR_IMESDE_USAGE for what can be no name, such as a subject */
export function assertStreamNames(stream: string, consumer: string): void {
  if (!/^[^\s.*>/\\]+$/.test(stream)) {
    throw usage(
      `--stream ${stream} is no stream: a subject has no memory, and what comes too fast is lost: ` +
        `nats stream add LOGS --subjects '${stream.replaceAll(/[^\w.*>-]/g, '')}' --defaults`,
    );
  }
  if (/^[^\s.*>/\\]+$/.test(consumer)) return;
  throw usage(`--consumer ${consumer} is no name of a consumer: see nats consumer ls ${stream}`);
}

/** @throws {ImesdeError} ERR_IMESDE_INPUT, with the command that makes one that can be read */
export function assertConsumer(stream: string, name: string, config: CheckedConsumer): void {
  const problem = problemOf(config);
  if (problem !== undefined) throw refusal(stream, name, problem, `${name}-imesde`);
}

/** There is none. */
export function noConsumer(stream: string, name: string): ImesdeError {
  return refusal(stream, name, 'is not there', name);
}

export function noStream(stream: string): ImesdeError {
  return new ImesdeError(
    'ERR_IMESDE_INPUT',
    `there is no stream ${stream}: make it, nats stream add ${stream} --subjects '${stream.toLowerCase()}.>' --defaults`,
  );
}

function problemOf(config: CheckedConsumer): string | undefined {
  const waits = [config.ack_wait ?? 0, ...(config.backoff ?? [])];
  const ackWaitMs = Math.min(...waits.map((wait) => wait / nanosAMs));
  if (config.deliver_subject !== undefined) return 'is pushed to a subject, not pulled';
  if (config.durable_name === undefined)
    return 'is not durable, so that a restart would lose its place';
  if (config.ack_policy !== 'explicit') return 'does not take explicit acks';
  if (config.headers_only === true) return 'gives headers only';
  if (config.max_deliver === 1) return 'delivers once, so that what a process holds dies with it';
  if (ackWaitMs < ackWaitMsMin) return `redelivers after ${ackWaitMs} ms, too soon`;
  return undefined;
}

function refusal(stream: string, name: string, problem: string, newName: string): ImesdeError {
  return new ImesdeError(
    'ERR_IMESDE_INPUT',
    `the consumer ${name} of ${stream} ${problem}: make one, nats consumer add ${stream} ${newName} ` +
      `--pull --ack explicit --wait 60s --max-pending 1000 --defaults`,
  );
}

function usage(message: string): ImesdeError {
  return new ImesdeError('ERR_IMESDE_USAGE', message);
}

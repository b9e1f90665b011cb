/** A stream of its own for each test, those who read it, and what became of its lines. */
import { setTimeout } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startNats, type NatsServer } from '../../helpers/nats-server.ts';
import {
  oracleGap,
  shellCode,
  startImesde,
  tiny,
  type Running,
  type RunResult,
} from '../../helpers/run-imesde.ts';
import { noNats } from './fleet.ts';

/** How long the server waits before it delivers again. */
export const ackWaitMs = 2_000;
export const nanosAMs = 1_000_000;
/** Every line answers. */
export const everyLine = ['-w', 'x', '-s', '-1', ...tiny];

export interface Outcome {
  readonly lost: number;
  readonly duplicated: number;
  /** As those counted it who lived to the end. */
  readonly redelivered: number;
}

/** Call it where tests are described: a server for them, and for each a stream, are made before. */
export function useStream(program: string) {
  let server: NatsServer;
  let client: NatsConnection;
  let manager: JetStreamManager;
  let stream = '';
  let streamCount = 0;
  let published = 0;
  const running: Running[] = [];

  beforeAll(async () => {
    server = await startNats(program, { jetStream: true });
    client = await connect({
      servers: server.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
    manager = await jetstreamManager(client);
  });

  beforeEach(async () => {
    streamCount += 1;
    stream = `LOGS${streamCount}`;
    published = 0;
    await manager.streams.add({ name: stream, subjects: [`${stream}.>`] });
    await addConsumer('imesde');
  });

  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL');
      await one.result;
    }
    await manager.streams.delete(stream);
  });

  afterAll(async () => {
    await client.close();
  });

  const addConsumer = (name: string, more: object = {}): Promise<unknown> =>
    manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: 'explicit',
      ack_wait: ackWaitMs * nanosAMs,
      max_ack_pending: 1_000,
      ...more,
    });

  /** Each line can be told from every other. */
  const publish = async (messages: number, linesEach: number, told = ''): Promise<void> => {
    const js = jetstream(client);
    for (let i = 0; i < messages; i += 1) {
      const lines = Array.from({ length: linesEach }, () =>
        `line #${(published += 1)} ${told}`.trim(),
      );
      await js.publish(`${stream}.a`, lines.join('\n'));
    }
  };

  const args = (more: readonly string[] = everyLine): string[] => [
    '--stream',
    stream,
    '--consumer',
    'imesde',
    '--stats',
    ...more,
  ];

  const env = (): Record<string, string | undefined> => ({ ...noNats, NATS_URL: server.url });

  const start = (more?: readonly string[], fault?: string, acks = 0): Running => {
    const one = startImesde(args(more), {
      env: { ...env(), ACKS_BEFORE_DEATH: String(acks) },
      ...(fault !== undefined && { fault }),
    });
    running.push(one);
    return one;
  };

  const pendingOf = async (): Promise<{ unread: number; unacked: number; redelivered: number }> => {
    const info = await manager.consumers.info(stream, 'imesde');
    return {
      unread: info.num_pending,
      unacked: info.num_ack_pending,
      redelivered: info.num_redelivered,
    };
  };

  const allAcked = async (): Promise<void> => {
    for (;;) {
      const { unread, unacked } = await pendingOf();
      if (unread === 0 && unacked === 0) return;
      await setTimeout(50);
    }
  };

  /** Ends those that still run, and tells what became of each line. */
  const outcome = async (
    results: readonly RunResult[],
    alive: readonly Running[],
  ): Promise<Outcome> => {
    for (const { child } of alive) child.kill('SIGTERM');
    const ended = await Promise.all(alive.map(({ result }) => result));
    for (const result of ended) {
      expect(shellCode(result)).toBe(143);
      // One that was only starting ended by the signal itself.
      if (result.stderr !== '') expect(oracleGap(result.stderr)).toBe(0);
      else expect(result.stdout).toBe('');
    }
    const told = [...results, ...ended].flatMap(({ stdout }) =>
      // Of one that was killed the last line may be half of one.
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => /#(\d+)/.exec(line)?.[1]),
    );
    const unique = new Set(told);
    const redelivered = ended.reduce(
      (sum, { stderr }) => sum + Number(/(\d+) lines redelivered/.exec(stderr)?.[1] ?? 0),
      0,
    );
    return { lost: published - unique.size, duplicated: told.length - unique.size, redelivered };
  };

  return {
    addConsumer,
    publish,
    args,
    env,
    start,
    pendingOf,
    allAcked,
    outcome,
    running,
    get server(): NatsServer {
      return server;
    },
    get client(): NatsConnection {
      return client;
    },
    get manager(): JetStreamManager {
      return manager;
    },
    get stream(): string {
      return stream;
    },
    /** Takes the number of a further line that is published. */
    nextNumber: (): number => (published += 1),
    get published(): number {
      return published;
    },
  };
}

/** Three read what is published, and every 700 ms one of them is killed and another started. */
export async function killInTurn(
  rig: ReturnType<typeof useStream>,
  kills: number,
  linesEach: number,
): Promise<Outcome> {
  const alive = [rig.start(), rig.start(), rig.start()];
  const dead: RunResult[] = [];
  const publishing = (async () => {
    for (let i = 0; i < kills * 10; i += 1) {
      await rig.publish(40, linesEach);
      await setTimeout(40);
    }
  })();
  for (let i = 0; i < kills; i += 1) {
    await setTimeout(700);
    const victim = alive.shift()!;
    victim.child.kill('SIGKILL');
    dead.push(await victim.result);
    alive.push(rig.start());
  }
  await publishing;
  await rig.allAcked();
  expect(rig.published).toBe(kills * 400 * linesEach);
  return await rig.outcome(dead, alive);
}

/** From a name to a consumer that can be read without loss. */
import { setTimeout } from 'node:timers/promises';
import { ImesdeError } from '../../shared/errors.ts';
import {
  connectBus,
  isUnencrypted,
  jetStreamOf,
  NoServerError,
  type Consumer,
  type NatsConnection,
} from './connection.ts';
import { assertConsumer, noConsumer, noStream } from './consumer-check.ts';
import type { BusSettings } from './settings.ts';

export interface StreamOptions {
  readonly settings: BusSettings;
  readonly stream: string;
  readonly consumer: string;
  /** Says what is wrong, where reading waits for it to be right. */
  readonly onProblem: (message: string) => void;
}

export interface OpenConsumer {
  readonly connection: NatsConnection;
  readonly consumer: Consumer;
  /** After so long the server delivers a message again. */
  readonly ackWaitMs: number;
}

const connectMsMax = 5_000;
const retryMs = 500;
const nanosAMs = 1_000_000;

/**
 * Waits for the server.
 * @param onAbsent - told what is missing, each time that it is
 * @returns undefined where the signal aborted before
 * @throws {ImesdeError} ERR_IMESDE_INPUT where there is no such consumer, or it can't be read without
 * loss; ERR_IMESDE_CONTROL where the server refuses this user
 */
export async function openConsumer(
  { settings, stream, consumer: name, onProblem }: StreamOptions,
  signal: AbortSignal,
  onAbsent: (problem: string) => void,
): Promise<OpenConsumer | undefined> {
  const connection = await connectPatiently(settings, signal, onAbsent);
  if (connection === undefined) return undefined;
  if (isUnencrypted(connection, settings)) {
    const where = settings.servers.join(', ');
    onProblem(`log lines come from ${where} unencrypted: give its server TLS, and name it tls://…`);
  }
  try {
    const manager = await jetStreamOf(connection, settings.jetStreamDomain);
    const info = await manager.consumers.info(stream, name);
    const { config } = info;
    assertConsumer(stream, name, config);
    const waits = [config.ack_wait ?? 0, ...(config.backoff ?? [])];
    const consumer = manager.jetstream().consumers.getConsumerFromInfo(info);
    return { connection, consumer, ackWaitMs: Math.min(...waits) / nanosAMs };
  } catch (error) {
    await connection.close();
    throw infoError(error, stream, name);
  }
}

async function connectPatiently(
  settings: BusSettings,
  signal: AbortSignal,
  onAbsent: (problem: string) => void,
): Promise<NatsConnection | undefined> {
  while (!signal.aborted) {
    try {
      const name = 'imesde-stream';
      return await connectBus(settings, { name, reconnects: true, timeoutMs: connectMsMax });
    } catch (error) {
      if (!(error instanceof NoServerError)) throw error;
      onAbsent(`${error.message}; reads when it comes`);
      await setTimeout(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

function infoError(error: unknown, stream: string, name: string): Error {
  if (error instanceof ImesdeError) return error;
  const { message } = error as Error;
  if (/stream not found/i.test(message)) return noStream(stream);
  if (/consumer not found/i.test(message)) return noConsumer(stream, name);
  return new ImesdeError(
    'ERR_IMESDE_INPUT',
    `the NATS server tells nothing of the stream ${stream} (${(error as Error).name}): is JetStream on, and is this user allowed to use it?`,
  );
}

/**
 * The connection to a NATS server. The only file that loads the client, and itself loaded only where
 * an option asks for a fleet or a stream.
 */
import { readFileSync } from 'node:fs';
import {
  connect,
  createInbox,
  credsAuthenticator,
  headers,
  nkeyAuthenticator,
  PermissionViolationError,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type Authenticator,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import type { JetStreamManager } from '@nats-io/jetstream';
import { ImesdeError } from '../../shared/errors.ts';
import { controlError } from '../control-error.ts';
import { isLoopback, type BusSettings } from './settings.ts';

export { createInbox, headers, PermissionViolationError };
export type { Msg, MsgHdrs, NatsConnection };
export type { Consumer, ConsumerConfig, ConsumerMessages, JsMsg } from '@nats-io/jetstream';

export interface ConnectOptions {
  /** What the server lists the connection as. */
  readonly name: string;
  /** Comes back by itself when the server was gone; where not, a lost server ends the connection. */
  readonly reconnects: boolean;
  readonly timeoutMs: number;
}

/** There is no server, as yet: it may come. */
export class NoServerError extends ImesdeError {
  constructor(message: string) {
    super('ERR_IMESDE_CONTROL', message);
  }
}

/** Between two tries to reach a server that is gone, with some jitter: all come back at once. */
const reconnectMs = { wait: 250, jitter: 500 } as const;
/** How often a server is asked whether it is still there, when nothing else comes. */
const pingMs = 20_000;

/** @throws {ImesdeError} ERR_IMESDE_CONTROL, one sentence without any secret */
export async function connectBus(
  settings: BusSettings,
  { name, reconnects, timeoutMs }: ConnectOptions,
): Promise<NatsConnection> {
  const options: NodeConnectionOptions = {
    servers: settings.servers.map(String),
    name,
    timeout: timeoutMs,
    reconnect: reconnects,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectMs.wait,
    reconnectJitter: reconnectMs.jitter,
    reconnectJitterTLS: reconnectMs.jitter,
    pingInterval: pingMs,
    ignoreAuthErrorAbort: true,
    authenticator: authenticators(settings),
    ...(settings.inboxPrefix !== undefined && { inboxPrefix: settings.inboxPrefix }),
    ...tlsOf(settings),
  };
  try {
    return await connect(options);
  } catch (error) {
    throw connectError(error, settings);
  }
}

/** The stream side of the client, which only `--stream` loads. */
export async function jetStreamOf(
  connection: NatsConnection,
  domain: string | undefined,
): Promise<JetStreamManager> {
  const { jetstreamManager } = await import('@nats-io/jetstream');
  return await jetstreamManager(connection, {
    checkAPI: false,
    ...(domain !== undefined && { domain }),
  });
}

/** Whether what goes over it can be read on its way to another machine. */
export function isUnencrypted({ info }: NatsConnection, settings: BusSettings): boolean {
  const isEncrypted = info?.tls_required === true || info?.tls_available === true;
  return !isEncrypted && !isLoopback(settings);
}

/** Nobody listens where something was asked: the server says so at once. */
export function isNobody(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

function authenticators(settings: BusSettings): Authenticator[] {
  const { creds, nkey, token, user, password } = settings;
  const found: Authenticator[] = [];
  if (creds !== undefined) found.push(credsAuthenticator(readCreds(creds)));
  if (nkey !== undefined) found.push(nkeyAuthenticator(readNkey(nkey)));
  if (token !== undefined) found.push(tokenAuthenticator(token));
  if (user !== undefined) found.push(usernamePasswordAuthenticator(user, password));
  return found;
}

function readCreds(path: string): Uint8Array {
  const text = readText(path, 'credentials');
  // A token and a seed, each between lines of dashes; the client wants an end to the last of them.
  if (/-{3,}\s+\S+\s+-{3,}[^]*-{3,}\s+SU[A-Z2-7]+\s+-{3,}/.test(text))
    return Buffer.from(`${text}\n`);
  throw controlError(`${path} holds no credentials: name a file that nsc or the nats CLI made`);
}

function readNkey(path: string): Uint8Array {
  const [seed] = /\bSU[A-Z2-7]{56}\b/.exec(readText(path, 'nkey')) ?? [];
  if (seed !== undefined) return Buffer.from(seed);
  throw controlError(`${path} holds no nkey of a user: name a file with a seed, SU…`);
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw controlError(`can't read the ${what} in ${path} (${why}): check its path`);
  }
}

function tlsOf({ needsTls, cert, key, ca, tlsFirst }: BusSettings): NodeConnectionOptions {
  const files = [cert, key, ca].filter((file) => file !== undefined);
  if (!needsTls && files.length === 0 && tlsFirst !== true) return {};
  for (const file of files) readText(file, 'TLS file');
  return {
    tls: {
      ...(cert !== undefined && { certFile: cert }),
      ...(key !== undefined && { keyFile: key }),
      ...(ca !== undefined && { caFile: ca }),
      ...(tlsFirst === true && { handshakeFirst: true }),
    },
  };
}

/** Says what went wrong by its kind alone: what the client says may repeat what it was given. */
function connectError(error: unknown, settings: BusSettings): ImesdeError {
  if (error instanceof ImesdeError) return error;
  const where = settings.servers.join(', ');
  const { name, code } = rootOf(error);
  const absent: Readonly<Record<string, string>> = {
    ECONNREFUSED: `no NATS server at ${where}: start one, or name another with --server`,
    ENOTFOUND: `there is no host ${where}: check --server, NATS_URL or the nats context`,
    EAI_AGAIN: `there is no host ${where}: check --server, NATS_URL or the nats context`,
    TimeoutError: `the NATS server at ${where} does not answer: check the address, or wait longer with --timeout`,
  };
  const known: Readonly<Record<string, string>> = {
    AuthorizationError: `the NATS server at ${where} refuses this user: check NATS_CREDS, NATS_NKEY, NATS_USER or the nats context`,
    UserAuthenticationExpiredError: `the NATS server at ${where} refuses this user, whose time is over: renew the credentials`,
  };
  const missing = absent[code] ?? absent[name];
  if (missing !== undefined) return new NoServerError(missing);
  const message = known[name];
  if (message !== undefined) return controlError(message);
  if (/CERT|SIGNATURE|SSL|TLS|ISSUER/.test(code)) {
    return controlError(
      `no TLS with the NATS server at ${where} (${code}): check NATS_CA, NATS_CERT and NATS_KEY`,
    );
  }
  const why = code === '' ? name : code;
  return controlError(
    `can't use the NATS server at ${where} (${why}): check its address, the credentials and TLS`,
  );
}

function rootOf(error: unknown): { readonly name: string; readonly code: string } {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  const { name = 'Error', code } = (root ?? {}) as { name?: string; code?: unknown };
  return { name, code: typeof code === 'string' ? code : '' };
}

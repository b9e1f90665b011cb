/** Carries requests from the bus to the responder, and its answers back, for as long as a run lasts. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { jsonLines, type Origin } from '../answer-format.ts';
import { closingMsMax, requestBytesMax, requestsAtOnceMax, requestsWaitingMax } from '../limits.ts';
import { parseRequestLine } from '../request.ts';
import type { Answer, Responder } from '../responder.ts';
import {
  connectBus,
  headers,
  isUnencrypted,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from './connection.ts';
import { NewestFirst } from './newest-first.ts';
import type { BusSettings } from './settings.ts';
import {
  connectionName,
  headerHost,
  headerId,
  headerMore,
  headerPart,
  heardSubjects,
  type BusOperation,
} from './subjects.ts';

export interface BusServerOptions {
  readonly settings: BusSettings;
  readonly group: string | undefined;
  readonly responder: Pick<Responder, 'answer'>;
  /** What answers are told with. */
  readonly origin: Origin;
  /** Says what is wrong, once: reading goes on. */
  readonly onProblem: (message: string) => void;
}

interface BusRequest {
  readonly message: Msg;
  readonly operation: BusOperation;
}

const operations: readonly BusOperation[] = ['query', 'status'];

/** Between tries to reach a server that was not there yet; the first soon, with jitter. */
const retryMs = { first: 250, last: 2_000 } as const;
const connectMsMax = 5_000;
/** Of a message, what headers may take. */
const headerBytesMax = 1_024;
/** Characters that tell shapes apart, 72 bits: what a shape says may be as long as a line. */
const digestChars = 12;

export class BusServer {
  /** Answers that could not be sent. */
  droppedCount = 0;
  readonly #options: BusServerOptions;
  readonly #id = randomBytes(12).toString('hex');
  readonly #requests: NewestFirst<BusRequest>;
  readonly #ended = new AbortController();
  #connection: NatsConnection | undefined;
  #lastProblem = '';
  #isWarned = false;

  /** Joins as soon as there is a server, and again whenever it comes back. Never throws. */
  constructor(options: BusServerOptions) {
    this.#options = options;
    this.#requests = new NewestFirst({
      atOnceMax: requestsAtOnceMax,
      waitingMax: requestsWaitingMax,
      work: (request) => this.#answer(request),
      onGivenUp: ({ message }) => {
        void this.#send(message, { kind: 'error', message: 'busy' });
      },
    });
    void this.#stayJoined();
  }

  /** Takes no more requests, lets what is worked on go out within a bounded time, and leaves. */
  async close(): Promise<void> {
    this.#ended.abort();
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) return;
    const left = async (): Promise<void> => {
      await this.#requests.end();
      await connection.drain();
    };
    const late = setTimeout(closingMsMax, undefined, { ref: false });
    await Promise.race([left().catch(() => undefined), late]);
    await connection.close();
  }

  async #stayJoined(): Promise<void> {
    const { settings, origin } = this.#options;
    const name = connectionName({ host: origin.host, id: this.#id });
    let waitMs: number = retryMs.first;
    while (!this.#ended.signal.aborted) {
      try {
        const connection = await connectBus(settings, {
          name,
          reconnects: true,
          timeoutMs: connectMsMax,
        });
        waitMs = retryMs.first;
        this.#lastProblem = '';
        this.#join(connection);
        await connection.closed();
      } catch (error) {
        this.#tell(`${(error as Error).message}; joins the fleet when that is right`);
      }
      const jitter = 0.5 + Math.random();
      await setTimeout(waitMs * jitter, undefined, {
        ref: false,
        signal: this.#ended.signal,
      }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, retryMs.last);
    }
  }

  #join(connection: NatsConnection): void {
    this.#connection = connection;
    if (this.#ended.signal.aborted) void connection.close(); // Meanwhile the run has ended.
    this.#warnIfOpen(connection);
    void this.#watch(connection);
    for (const operation of operations) {
      for (const subject of heardSubjects(operation, this.#options.group)) {
        connection.subscribe(subject, {
          callback: (error, message) => {
            if (error === null) this.#requests.push({ message, operation });
            else
              this.#tell(
                `the NATS server does not let this user listen on ${subject}: add it to its permissions`,
              );
          },
        });
      }
    }
  }

  /** Says when the server is gone; being back is no news. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (this.#ended.signal.aborted) return;
      if (status.type === 'reconnect') this.#lastProblem = '';
      if (status.type === 'disconnect') {
        const where = this.#options.settings.servers.join(', ');
        this.#tell(`the NATS server at ${where} is gone; joins the fleet again when it is back`);
      }
    }
  }

  #warnIfOpen(connection: NatsConnection): void {
    const { settings, onProblem } = this.#options;
    if (this.#isWarned || !isUnencrypted(connection, settings)) return;
    this.#isWarned = true;
    const where = settings.servers.join(', ');
    onProblem(`log lines go to ${where} unencrypted: give its server TLS, and name it tls://…`);
  }

  /** Each once, however often it is tried. */
  #tell(problem: string): void {
    if (problem === this.#lastProblem || this.#ended.signal.aborted) return;
    this.#lastProblem = problem;
    this.#options.onProblem(problem);
  }

  async #answer({ message, operation }: BusRequest): Promise<void> {
    const text = message.data.length > requestBytesMax ? undefined : message.string();
    const [request] = parseRequestLine({ text, tail: undefined });
    if (request === undefined || 'error' in request) {
      const problem = request?.error ?? 'the request is empty';
      await this.#send(message, { kind: 'error', message: problem }, request?.id);
      return;
    }
    // By subject, so that a server's permissions decide who may ask what.
    const answer: Answer =
      request.operation.op === operation
        ? await this.#options.responder.answer(request.operation)
        : {
            kind: 'error',
            message: `here only ${operation} can be asked, not ${request.operation.op}`,
          };
    await this.#send(message, answer, request.id);
  }

  /** In parts where it is longer than a message may be; the asker puts them together. */
  async #send(message: Msg, answer: Answer, id?: string | number): Promise<void> {
    const connection = this.#connection;
    if (message.reply === undefined || message.reply === '' || connection === undefined) return;
    try {
      const lines = jsonLines(withDigests(answer), id, this.#options.origin);
      const bytes = Buffer.from([...lines].join(''));
      const partBytes = (connection.info?.max_payload ?? 2 ** 20) - headerBytesMax;
      const count = Math.max(1, Math.ceil(bytes.length / partBytes));
      for (let part = 0; part < count; part += 1) {
        const isLast = part === count - 1;
        const payload = bytes.subarray(part * partBytes, (part + 1) * partBytes);
        message.respond(payload, { headers: this.#headers(part, isLast) });
        if (!isLast) await connection.flush(); // One part at a time waits in this process.
      }
    } catch {
      this.droppedCount += 1; // The server is gone: so is the asker.
    }
  }

  #headers(part: number, isLast: boolean): MsgHdrs {
    const all = headers();
    all.set(headerId, this.#id);
    all.set(headerHost, this.#options.origin.host);
    if (part > 0 || !isLast) all.set(headerPart, String(part));
    if (!isLast) all.set(headerMore, '1');
    return all;
  }
}

/** What shapes say is not sent, only whether it is the same. */
function withDigests(answer: Answer): Answer {
  if (answer.kind !== 'matches') return answer;
  const matches = answer.matches.map(({ shape, ...match }) => ({
    ...match,
    shape:
      shape === undefined
        ? undefined
        : createHash('sha256').update(shape).digest('base64url').slice(0, digestChars),
  }));
  return { ...answer, matches };
}

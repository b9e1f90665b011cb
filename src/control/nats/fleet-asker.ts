/**
 * Asks all instances of a fleet at once. Scatter: one message, and with it a request for the list of
 * those who listen. Gather: until all on that list have answered, or the time is over.
 */
import { controlError } from '../control-error.ts';
import { listAgainMs, listPageMax, listQuietMs, requestBytesMax } from '../limits.ts';
import type { Operation } from '../request.ts';
import {
  connectBus,
  createInbox,
  isNobody,
  isUnencrypted,
  PermissionViolationError,
  type Msg,
  type NatsConnection,
} from './connection.ts';
import { Gathering, type Missing } from './gathering.ts';
import type { HostReply } from './host-reply.ts';
import { Roster } from './roster.ts';
import type { BusSettings } from './settings.ts';
import {
  accountSubject,
  askedSubject,
  connectionsSubject,
  headerHost,
  headerId,
  headerMore,
  headerPart,
  type BusOperation,
} from './subjects.ts';

export interface FleetAskerOptions {
  readonly settings: BusSettings;
  readonly group: string | undefined;
  /** So many must answer, whoever is on the list. */
  readonly expect: number | undefined;
  /** For connecting, and then for everything that is asked. */
  readonly timeoutMs: number;
}

export interface FleetReplies {
  /** Operation by operation: what those said who answered all of them, by host. */
  readonly replies: readonly (readonly HostReply[])[];
  readonly missing: readonly Missing[];
  /** Matches beyond those that are kept. */
  readonly leftOutCount: number;
}

/** What the asker's own connection is called; the servers list it beside the instances. */
const connectionName = 'imesde-ask';
const listToken = 'list';
const accountToken = 'account';

export class FleetAsker {
  readonly #options: FleetAskerOptions;
  readonly #deadline: number;
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #roster: Roster;
  #gathering = new Gathering(0);
  #subject = '';
  #round = 0;
  #lastAnswerMs = 0;
  #isListRefused = false;
  #isNobodyThere = false;
  #isHeard = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /** @throws {ImesdeError} ERR_IMESDE_CONTROL */
  static async connect(options: FleetAskerOptions): Promise<FleetAsker> {
    const deadline = performance.now() + options.timeoutMs;
    const connection = await connectBus(options.settings, {
      name: connectionName,
      reconnects: false,
      timeoutMs: options.timeoutMs,
    });
    return new FleetAsker(options, connection, deadline);
  }

  private constructor(options: FleetAskerOptions, connection: NatsConnection, deadline: number) {
    this.#options = options;
    this.#connection = connection;
    this.#deadline = deadline;
    this.#inbox = createInbox(options.settings.inboxPrefix);
    this.#roster = new Roster(connection.info?.server_id);
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
        else this.#fail(controlErrorOf(error));
        this.#wake();
      },
    });
    void connection.closed().then(() => {
      const where = options.settings.servers.join(', ');
      this.#fail(controlError(`the NATS server at ${where} went away: ask again when it is back`));
    });
    void this.#watch();
  }

  /**
   * Asks once for several things of the same kind.
   * @throws {ImesdeError} ERR_IMESDE_CONTROL where nobody listens, nobody may ask, or the server ends
   */
  async ask(kind: BusOperation, operations: readonly Operation[]): Promise<FleetReplies> {
    const requests = operations.map((operation) => requestText(operation));
    this.#gathering = new Gathering(requests.length);
    this.#subject = askedSubject(kind, this.#options.group);
    // The list goes first: whoever is on it was listening when the question came.
    this.#list(0);
    if (this.#connection.info?.cluster === undefined) {
      this.#connection.publish(accountSubject, '{}', { reply: `${this.#inbox}.${accountToken}` });
    }
    for (const [index, text] of requests.entries()) {
      this.#connection.publish(this.#subject, text, { reply: `${this.#inbox}.${index}` });
    }
    // What the server says at once, to all of that, has come before its answer to this.
    const heard = (): void => {
      this.#isHeard = true;
      this.#wake();
    };
    this.#connection.flush().then(heard, heard);
    await this.#gather();
    return this.#result();
  }

  /** Whether what is asked can be read on its way to another machine. */
  get isUnencrypted(): boolean {
    return isUnencrypted(this.#connection, this.#options.settings);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Asks the servers who listens. */
  #list(offset: number): void {
    const wanted = { filter_subject: this.#subject, limit: listPageMax, offset };
    this.#connection.publish(connectionsSubject, JSON.stringify(wanted), {
      reply: `${this.#inbox}.${listToken}-${this.#round}`,
    });
  }

  async #gather(): Promise<void> {
    let listMs = performance.now();
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const now = performance.now();
      if (this.#isDone(now) || now >= this.#deadline) return;
      if (now >= listMs + listAgainMs && !this.#isListRefused) {
        listMs = now;
        this.#round += 1;
        this.#list(0);
      }
      await this.#change(Math.min(this.#deadline, listMs + listAgainMs, this.#quietEnd(now)) - now);
    }
  }

  #isDone(now: number): boolean {
    const { expect } = this.#options;
    if (this.#isNobodyThere) return true;
    const answered = this.#gathering.answeredCount;
    if (this.#isListRefused) {
      if (expect === undefined) return this.#isHeard;
      return answered >= expect && now >= this.#lastAnswerMs + listQuietMs;
    }
    const { changedMs, isAlone } = this.#roster;
    if (changedMs === undefined) return false;
    if (!isAlone && now < changedMs + listQuietMs) return false;
    return answered >= (expect ?? 0) && this.#gathering.isSettled(this.#roster);
  }

  /** When it will be quiet enough to be done. */
  #quietEnd(now: number): number {
    const since = this.#isListRefused ? this.#lastAnswerMs : this.#roster.changedMs;
    const end = (since ?? now) + listQuietMs;
    return end > now ? end : Infinity;
  }

  #take(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const [kind = '', round] = token.split('-');
    if (kind === listToken) this.#takeList(message, Number(round));
    else if (kind === accountToken) this.#roster.takeAccount(jsonOf(message));
    else this.#takeAnswer(message, Number(kind));
  }

  #takeList(message: Msg, round: number): void {
    if (isNobody(message)) {
      this.#isListRefused = true;
      return;
    }
    const next = this.#roster.take(jsonOf(message), round, performance.now());
    if (next !== undefined) this.#list(next);
  }

  #takeAnswer(message: Msg, index: number): void {
    if (isNobody(message)) {
      this.#isNobodyThere = true;
      return;
    }
    const header = (name: string): string => message.headers?.get(name) ?? '';
    const [id, host] = [header(headerId), header(headerHost)];
    if (id === '' || host === '') return;
    const part = { index: Number(header(headerPart)), isLast: header(headerMore) !== '1' };
    if (this.#gathering.take(index, { host, id }, part, message.data)) {
      this.#lastAnswerMs = performance.now();
    }
  }

  #result(): FleetReplies {
    const isEmpty = this.#roster.members.size === 0 && this.#gathering.isEmpty;
    const isListed = !this.#isListRefused && this.#options.expect === undefined;
    if (this.#isNobodyThere || (isEmpty && isListed)) {
      const { group } = this.#options;
      const where = this.#options.settings.servers.join(', ');
      throw controlError(
        group === undefined
          ? `no instance has joined the fleet at ${where}: start one with imesde --fleet`
          : `no instance of the group ${group} has joined the fleet at ${where}: start one with imesde --fleet --group ${group}`,
      );
    }
    if (this.#isListRefused && this.#options.expect === undefined) {
      throw controlError(
        `the NATS server does not tell this user who listens: allow it to publish ${connectionsSubject}, or say how many must answer, --expect N`,
      );
    }
    const { replies, leftOutCount } = this.#gathering;
    return { replies, missing: this.#gathering.missing(this.#roster), leftOutCount };
  }

  /** What the server refuses comes beside everything else. */
  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type !== 'error') continue;
      const { error } = status;
      if (!(error instanceof PermissionViolationError)) continue;
      if (error.subject === connectionsSubject) this.#isListRefused = true;
      else if (error.subject !== accountSubject) this.#fail(controlErrorOf(error));
      this.#wake();
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** Resolves when something came, or after that time. */
  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function controlErrorOf(error: Error): Error {
  if (!(error instanceof PermissionViolationError)) {
    return controlError(`the NATS server ended the question (${error.name}): ask again`);
  }
  const { operation, subject } = error;
  const verb = operation === 'publish' ? 'publish to' : 'subscribe to';
  return controlError(
    `the NATS server does not let this user ${verb} ${subject}: add it to the permissions`,
  );
}

function jsonOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

function requestText(operation: Operation): string {
  const text = JSON.stringify(operation);
  const bytes = Buffer.byteLength(text);
  if (bytes <= requestBytesMax) return text;
  throw controlError(
    `the request has ${bytes} bytes, more than ${requestBytesMax}: use a shorter phrase`,
  );
}

/**
 * Asks all instances of a fleet at once. Scatter: one message, and with it a request for the list of
 * those who listen. Gather: until all on that list have answered, or the time is over.
 */
import { controlError } from '../control-error.ts';
import {
  fleetBytesMax,
  fleetMatchesMax,
  listAgainMs,
  listPageMax,
  listQuietMs,
  requestBytesMax,
} from '../limits.ts';
import type { Operation } from '../request.ts';
import { AnswerParts } from './answer-parts.ts';
import {
  connectBus,
  createInbox,
  isNobody,
  PermissionViolationError,
  type Msg,
  type NatsConnection,
} from './connection.ts';
import { replyOf, type HostReply } from './host-reply.ts';
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

/** An instance that gave no answer, or none that is of use. */
export interface Missing {
  readonly host: string;
  readonly why: string;
}

export interface FleetReplies {
  /** Operation by operation: what those said who answered all of them, by host. */
  readonly replies: readonly (readonly HostReply[])[];
  readonly missing: readonly Missing[];
  /** Matches beyond those that are kept. */
  readonly leftOutCount: number;
}

/** What the asker's own subscription is called; the servers list it beside the instances. */
const connectionName = 'imesde-ask';
const listToken = 'list';
const accountToken = 'account';

/** What is gathered of one instance. */
interface Gathered {
  readonly host: string;
  readonly replies: (HostReply | undefined)[];
  problem: string | undefined;
}

export class FleetAsker {
  readonly #options: FleetAskerOptions;
  readonly #deadline: number;
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #roster: Roster;
  readonly #parts = new AnswerParts();
  readonly #gathered = new Map<string, Gathered>();
  #operationCount = 0;
  #subject = '';
  #round = 0;
  #lastAnswerMs = 0;
  #isListRefused = false;
  #isNobodyThere = false;
  #isHeard = false;
  #leftOutCount = 0;
  #keptBytes = 0;
  readonly #keptMatches: number[] = [];
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
    this.#operationCount = requests.length;
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
    const answered = this.#answeredCount();
    if (this.#isListRefused) {
      if (expect === undefined) return this.#isHeard;
      return answered >= expect && now >= this.#lastAnswerMs + listQuietMs;
    }
    const { changedMs, isAlone } = this.#roster;
    if (changedMs === undefined) return false;
    if (!isAlone && now < changedMs + listQuietMs) return false;
    return answered >= (expect ?? 0) && this.#owing().length === 0;
  }

  /** When it will be quiet enough to be done. */
  #quietEnd(now: number): number {
    const since = this.#isListRefused ? this.#lastAnswerMs : this.#roster.changedMs;
    const end = (since ?? now) + listQuietMs;
    return end > now ? end : Infinity;
  }

  #answeredCount(): number {
    let count = 0;
    for (const one of this.#gathered.values()) if (this.#hasAnswered(one)) count += 1;
    return count;
  }

  #hasAnswered({ replies, problem }: Gathered): boolean {
    return problem === undefined && replies.filter(Boolean).length === this.#operationCount;
  }

  /** Ids of those who may still answer. */
  #owing(): string[] {
    return [...this.#roster.members.keys()].filter((id) => {
      const one = this.#gathered.get(id);
      const isSettled = one !== undefined && (one.problem !== undefined || this.#hasAnswered(one));
      return !isSettled && !this.#roster.hasLeft(id);
    });
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
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.#operationCount) return;
    if (isNobody(message)) {
      this.#isNobodyThere = true;
      return;
    }
    const id = message.headers?.get(headerId) ?? '';
    const host = message.headers?.get(headerHost) ?? '';
    if (id === '' || host === '') return;
    const part = Number(message.headers?.get(headerPart) ?? '');
    const isLast = message.headers?.get(headerMore) !== '1';
    const whole = this.#parts.push(`${index} ${id}`, part, isLast, message.data);
    if (whole === undefined) return;
    let gathered = this.#gathered.get(id);
    if (gathered === undefined) {
      gathered = { host, replies: [], problem: undefined };
      this.#gathered.set(id, gathered);
    }
    if (gathered.replies[index] !== undefined) return;
    const reply =
      typeof whole === 'string' ? `its answer is ${whole}` : replyOf(whole, { host, id });
    this.#lastAnswerMs = performance.now();
    if (typeof reply === 'string') gathered.problem = reply;
    else gathered.replies[index] = this.#kept(reply, index, whole.length);
  }

  /** Without what is more than an asker keeps. */
  #kept(reply: HostReply, index: number, bytes: number): HostReply {
    const kept = this.#keptMatches[index] ?? 0;
    const room = this.#keptBytes + bytes > fleetBytesMax ? 0 : fleetMatchesMax - kept;
    const lines = reply.lines.slice(0, room);
    this.#keptMatches[index] = kept + lines.length;
    this.#leftOutCount += reply.lines.length - lines.length;
    if (lines.length > 0) this.#keptBytes += bytes;
    return { ...reply, lines };
  }

  #result(): FleetReplies {
    const answered = [...this.#gathered].filter(([, one]) => this.#hasAnswered(one));
    const isEmpty = this.#roster.members.size === 0 && this.#gathered.size === 0;
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
    const byHost = answered
      .map(([, { replies }]) => replies as HostReply[])
      .sort(([one], [other]) => ((one?.host ?? '') < (other?.host ?? '') ? -1 : 1));
    const replies = Array.from({ length: this.#operationCount }, (_, index) =>
      byHost.flatMap((each) => each[index] ?? []),
    );
    return { replies, missing: this.#missing(), leftOutCount: this.#leftOutCount };
  }

  #missing(): Missing[] {
    const missing: Missing[] = [];
    for (const { host, problem } of this.#gathered.values()) {
      if (problem !== undefined) missing.push({ host, why: problem });
    }
    for (const { host, id } of this.#roster.members.values()) {
      const one = this.#gathered.get(id);
      if (one !== undefined && (one.problem !== undefined || this.#hasAnswered(one))) continue;
      missing.push({ host, why: this.#roster.hasLeft(id) ? 'died' : 'silent' });
    }
    return missing.sort((one, other) => (one.host < other.host ? -1 : 1));
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

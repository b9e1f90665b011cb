/**
 * Lines from a JetStream consumer, in place of standard input. A message is acknowledged once its
 * lines are committed and what they had to tell has left standard output: whatever dies before that is
 * delivered again, to another process if there is one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { LineReaderOptions } from '../../input/line-reader.ts';
import type { LineBatch } from '../../input/line-batch.ts';
import type { Consumer, ConsumerMessages, JsMsg, NatsConnection } from './connection.ts';
import { noConsumer } from './consumer-check.ts';
import { HeldMessages } from './held-messages.ts';
import { MessageLines } from './message-lines.ts';
import { openConsumer, type StreamOptions } from './open-consumer.ts';

export type StreamReaderOptions = LineReaderOptions & StreamOptions;

/** What became of lines. */
export interface Progress {
  /** Number of the last line of which all before it, and it itself, are committed. */
  readonly committed: () => number;
  /** Resolves when what was printed by now has gone out: true, or false where nobody takes it. */
  readonly told: () => Promise<boolean>;
}

/** Messages taken ahead, and about how many bytes of them. */
const prefetchMessages = 256;
const prefetchBytes = 1024 * 1024;
/** How long the server may wait to fill a request for messages; a new one follows. */
const pullMs = 5_000;
const retryMs = 500;
/** How often it is looked whether something can be acknowledged, beside each time that lines are read. */
const settleMs = 20;
/** Of the time after which a message is delivered again. */
const progressShare = 1 / 3;

export class StreamReader {
  /** Lines of messages that had been delivered before, to this process or to another. */
  redeliveredLines = 0;
  readonly #options: StreamReaderOptions;
  readonly #lines: MessageLines;
  readonly #held = new HeldMessages<JsMsg>();
  /** Held, but not read yet. */
  #queue: JsMsg[] = [];
  #queuedBytes = 0;
  /** Of a message, lately; as long as none came, a guess that is not too small. */
  #meanBytes = 16_384;
  #progress: Progress | undefined;
  #isSettling = false;
  #connection: NatsConnection | undefined;
  #pull: ConsumerMessages | undefined;
  #isEnded = false;
  #failure: Error | undefined;
  #timers: NodeJS.Timeout[] = [];
  #wakeReader: () => void = () => undefined;
  #wakePump: () => void = () => undefined;
  #lastProblem = '';

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#lines = new MessageLines(options);
  }

  get cutLines(): number {
    return this.#lines.cutLines;
  }

  get joinedLines(): number {
    return this.#lines.joinedLines;
  }

  get invalidUtf8Bytes(): number {
    return this.#lines.invalidUtf8Bytes;
  }

  get droppedNulBytes(): number {
    return this.#lines.droppedNulBytes;
  }

  placeOf(number: number): { readonly line: number } {
    return { line: number };
  }

  /** Before reading begins. */
  attach(progress: Progress): void {
    this.#progress = progress;
  }

  /**
   * Until the signal aborts.
   * @throws {ImesdeError} ERR_IMESDE_INPUT where there is no such consumer, or it can't be read
   * without loss; ERR_IMESDE_CONTROL where the server refuses this user
   */
  async *read(signal: AbortSignal): AsyncGenerator<LineBatch> {
    const stop = (): void => {
      this.#isEnded = true;
      void this.#pull?.close();
      this.#wakeReader();
      this.#wakePump();
    };
    if (signal.aborted) return;
    signal.addEventListener('abort', stop, { once: true });
    try {
      const consumer = await this.#open(signal);
      if (consumer === undefined) return;
      this.#pump(consumer).catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#wakeReader();
      });
      for (;;) {
        void this.#settle();
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#hasEnded()) return;
        if (this.#queue.length > 0) yield* this.#next();
        else await this.#arrival();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** After the last line was told: acknowledges what is, gives back the rest, and leaves. */
  async end(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) return;
    while (this.#isSettling) await delay(1);
    await this.#settle();
    for (const message of this.#held.all()) message.nak();
    await connection.flush().catch(() => undefined);
    await this.close();
  }

  /** Whatever happened. What is not acknowledged is delivered again. */
  async close(): Promise<void> {
    this.#isEnded = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#connection?.close();
  }

  #hasEnded(): boolean {
    return this.#isEnded;
  }

  /** Waits for the server. @returns undefined where reading ended meanwhile */
  async #open(signal: AbortSignal): Promise<Consumer | undefined> {
    const opened = await openConsumer(this.#options, signal, (problem) => {
      this.#tell(problem);
    });
    if (opened === undefined) return undefined;
    const { connection, consumer, ackWaitMs } = opened;
    this.#connection = connection;
    this.#timers = [
      setInterval(() => {
        for (const message of this.#held.all()) message.working();
      }, ackWaitMs * progressShare),
      setInterval(() => void this.#settle(), settleMs),
    ];
    void this.#watch(connection);
    return consumer;
  }

  /** Says when the server is gone; being back is no news. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'reconnect') this.#lastProblem = '';
      if (status.type !== 'disconnect' || this.#isEnded) continue;
      const where = this.#options.settings.servers.join(', ');
      this.#tell(`the NATS server at ${where} is gone; reads on when it is back`);
    }
  }

  #tell(problem: string): void {
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#options.onProblem(problem);
  }

  /** Takes messages ahead of the reader, but not far: each that is held must be kept from coming again. */
  async #pump(consumer: Consumer): Promise<void> {
    const { stream, consumer: name } = this.#options;
    while (!this.#hasEnded()) {
      const wanted = this.#wanted();
      if (wanted === 0) {
        await new Promise<void>((resolve) => {
          this.#wakePump = resolve;
        });
        continue;
      }
      try {
        this.#pull = await consumer.fetch({ max_messages: wanted, expires: pullMs });
        if (this.#hasEnded()) await this.#pull.close();
        for await (const message of this.#pull) this.#take(message);
      } catch (error) {
        if (this.#hasEnded()) return;
        // A server that went away, or a stream whose leader moves, comes back; a consumer does not.
        if (/consumer (deleted|not found)|stream not found/i.test((error as Error).message)) {
          throw noConsumer(stream, name);
        }
        await delay(retryMs);
      }
    }
  }

  /** How many messages to take next; 0 where enough of them wait to be read. */
  #wanted(): number {
    const count = this.#queue.length;
    if (count * 2 > prefetchMessages || this.#queuedBytes * 2 > prefetchBytes) return 0;
    const byBytes = Math.floor((prefetchBytes - this.#queuedBytes) / Math.max(1, this.#meanBytes));
    return Math.max(1, Math.min(prefetchMessages - count, byBytes));
  }

  #take(message: JsMsg): void {
    if (!this.#held.add(message)) return;
    const bytes = message.data.length;
    this.#meanBytes += (bytes - this.#meanBytes) / 16;
    this.#queuedBytes += bytes;
    this.#queue.push(message);
    this.#wakeReader();
  }

  async *#next(): AsyncGenerator<LineBatch> {
    const messages = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#wakePump();
    const { lastNumbers, batches } = await this.#lines.push(messages.map(({ data }) => data));
    let before = batches[0]?.firstNumber ?? 1;
    for (const [index, message] of messages.entries()) {
      const last = lastNumbers[index] ?? before;
      if (message.redelivered) this.redeliveredLines += last + 1 - before;
      before = last + 1;
      this.#held.read(message, last);
    }
    yield* batches;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  /** Acknowledges what is committed and told. */
  async #settle(): Promise<void> {
    const progress = this.#progress;
    if (progress === undefined || this.#isSettling) return;
    const through = progress.committed();
    if (!this.#held.isDone(through)) return;
    this.#isSettling = true;
    try {
      if (!(await progress.told())) return;
      for (const message of this.#held.takeThrough(through)) message.ack();
    } catch {
      // The run ends with what is wrong with its output, or the server is gone: it delivers again.
    } finally {
      this.#isSettling = false;
    }
  }
}

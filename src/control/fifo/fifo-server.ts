import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { ControlFifo } from './control-fifo.ts';
import { closingMsMax, lastWorkMsMax, requestsAtOnceMax } from '../limits.ts';
import { Replies } from './replies.ts';
import { RequestLines } from './request-lines.ts';
import { parseRequestLine, type BadRequest, type Request } from '../request.ts';
import type { Answer, Responder } from '../responder.ts';
import type { StdoutAnswers } from './stdout-answers.ts';

export interface FifoServerOptions {
  readonly fifo: ControlFifo;
  readonly responder: Pick<Responder, 'answer'>;
  /** For answers to requests that name no reply. */
  readonly stdoutAnswers: StdoutAnswers;
}

/** What was asked by the time that it ends is in the pipe: long enough for that to be read. */
const lastReadMs = 20;

/** Carries requests from the control FIFO to the responder, and its answers back. */
export class FifoServer {
  readonly #options: FifoServerOptions;
  readonly #socket: Socket;
  readonly #lines = new RequestLines();
  readonly #replies: Replies;
  /** Read, but not yet being worked on: at most what one read brought. */
  #queue: (Request | BadRequest)[] = [];
  readonly #working = new Set<Promise<void>>();
  #isClosing = false;

  /** Begins to read at once. */
  constructor(options: FifoServerOptions) {
    this.#options = options;
    this.#replies = new Replies(options.fifo);
    this.#socket = new Socket({ fd: options.fifo.fd, readable: true, writable: false });
    this.#socket.on('error', () => undefined); // 'close' follows; the stream goes on without.
    this.#socket.on('data', (chunk: Buffer) => {
      for (const line of this.#lines.push(chunk)) this.#queue.push(...parseRequestLine(line));
      this.#work();
    });
  }

  /** Answers that nobody took. */
  get droppedCount(): number {
    return this.#replies.droppedCount;
  }

  /** Takes no more requests, and lets the answers to what was asked go out, within a bounded time. */
  async close(): Promise<void> {
    await setTimeout(lastReadMs);
    this.#isClosing = true;
    this.#socket.pause();
    const worked = async (): Promise<void> => {
      while (this.#working.size > 0) await Promise.all(this.#working);
    };
    await Promise.race([worked(), setTimeout(lastWorkMsMax, undefined, { ref: false })]);
    const delivered = this.#replies.flushed();
    await Promise.race([delivered, setTimeout(closingMsMax, undefined, { ref: false })]);
    this.#queue = [];
    this.#replies.close();
    this.#socket.destroy(); // Only now: to askers, a FIFO that nobody reads is one without instance.
  }

  #work(): void {
    while (this.#working.size < requestsAtOnceMax) {
      const request = this.#queue.shift();
      if (request === undefined) break;
      const answer = this.#answer(request);
      if (request.reply === undefined) this.#options.stdoutAnswers.send(answer, request.id);
      else this.#replies.send(request.reply, answer, request.id);
      const work = answer.then(() => {
        this.#working.delete(work);
        this.#work();
      });
      this.#working.add(work);
    }
    if (this.#queue.length > 0 || this.#isClosing) this.#socket.pause();
    else this.#socket.resume();
  }

  #answer(request: Request | BadRequest): Promise<Answer> {
    return 'error' in request
      ? Promise.resolve({ kind: 'error', message: request.error })
      : this.#options.responder.answer(request.operation);
  }
}

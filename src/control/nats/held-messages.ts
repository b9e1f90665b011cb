/**
 * Messages that were taken from a stream and not acknowledged yet, in the order in which they are
 * read. One is done with when the last of its lines is: until then the server must be told that it is
 * being worked on, also while it waits to be read. Knows nothing of the bus.
 */
export interface HeldMessage {
  /** Names it in the stream: the same when it is delivered again. */
  readonly seq: number;
}

interface Held<Message> {
  message: Message;
  /** Number of its last line; undefined until it is read. */
  lastNumber: number | undefined;
}

export class HeldMessages<Message extends HeldMessage> {
  /** By number in the stream; a Map keeps them in the order in which they came. */
  readonly #held = new Map<number, Held<Message>>();

  get count(): number {
    return this.#held.size;
  }

  /**
   * A message came.
   * @returns false where it is held already: the server took it for lost, and what came now is only
   * the newer of two that are acknowledged alike
   */
  add(message: Message): boolean {
    const held = this.#held.get(message.seq);
    if (held !== undefined) {
      held.message = message;
      return false;
    }
    this.#held.set(message.seq, { message, lastNumber: undefined });
    return true;
  }

  /** Its lines were read; messages are read in the order in which they came. */
  read(message: Message, lastNumber: number): void {
    const held = this.#held.get(message.seq);
    if (held !== undefined) held.lastNumber = lastNumber;
  }

  /** Whether the oldest is done with, where lines up to this number are. */
  isDone(through: number): boolean {
    const [oldest] = this.#held.values();
    return isThrough(oldest, through);
  }

  /** Takes out those whose lines are done with, up to this number. */
  takeThrough(through: number): Message[] {
    const taken: Message[] = [];
    for (const [seq, held] of this.#held) {
      if (!isThrough(held, through)) break;
      this.#held.delete(seq);
      taken.push(held.message);
    }
    return taken;
  }

  /** All that are held, the oldest first. */
  all(): Message[] {
    return [...this.#held.values()].map(({ message }) => message);
  }
}

function isThrough(held: Held<unknown> | undefined, through: number): boolean {
  return held?.lastNumber !== undefined && held.lastNumber <= through;
}

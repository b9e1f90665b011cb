/** Shapes that wait to be read: the most promising first, and among equals the one that came first. */
export class RequestQueue {
  /** A binary heap of shapes; those that were deleted stay until they come to the top. */
  #heap: Entry[] = [];
  /** Of each shape that waits: the order of its entry that counts. */
  readonly #orders = new Map<number, number>();
  #nextOrder = 0;

  get size(): number {
    return this.#orders.size;
  }

  has(shape: number): boolean {
    return this.#orders.has(shape);
  }

  /** Does nothing where the shape waits already. */
  push(shape: number, promise: number): void {
    if (this.#orders.has(shape)) return;
    const order = this.#nextOrder;
    this.#nextOrder += 1;
    this.#orders.set(shape, order);
    this.#rise({ shape, promise, order });
  }

  delete(shape: number): void {
    if (!this.#orders.delete(shape)) return;
    if (this.#orders.size === 0) this.#heap = [];
  }

  first(): number | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined) return undefined;
      if (this.#orders.get(top.shape) === top.order) return top.shape;
      this.#dropTop();
    }
  }

  #rise(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(entry);
    for (let parent; i > 0 && isBefore(entry, heap[(parent = (i - 1) >> 1)]!); i = parent) {
      heap[i] = heap[parent]!;
    }
    heap[i] = entry;
  }

  #dropTop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

interface Entry {
  readonly shape: number;
  readonly promise: number;
  readonly order: number;
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.promise > other.promise || (one.promise === other.promise && one.order < other.order);
}

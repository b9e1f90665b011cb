import { describe, expect, it } from 'vitest';
import { RequestQueue } from '../../src/embed/request-queue.ts';
import { seeded } from '../scan/vectors.ts';

function drain(queue: RequestQueue): number[] {
  const shapes: number[] = [];
  for (let shape; (shape = queue.first()) !== undefined;) {
    queue.delete(shape);
    shapes.push(shape);
  }
  return shapes;
}

describe('RequestQueue', () => {
  it('gives the most promising first, and among equals the one that came first', () => {
    const queue = new RequestQueue();
    for (const [shape, promise] of [0, 0.5, 0, -1, 0.5, Infinity, -Infinity].entries()) {
      queue.push(shape, promise);
    }
    expect(queue.size).toBe(7);
    expect(drain(queue)).toEqual([5, 1, 4, 0, 2, 3, 6]);
    expect(queue.size).toBe(0);
  });

  it('keeps the place of a shape that comes once more', () => {
    const queue = new RequestQueue();
    queue.push(1, 0);
    queue.push(2, 0);
    queue.push(1, 9);
    expect(queue.size).toBe(2);
    expect(drain(queue)).toEqual([1, 2]);
  });

  it('shows the first without taking it', () => {
    const queue = new RequestQueue();
    expect(queue.first()).toBeUndefined();
    queue.push(4, 0);
    expect([queue.first(), queue.first(), queue.has(4)]).toEqual([4, 4, true]);
  });

  it('forgets the promise of a shape that was deleted and comes again', () => {
    const queue = new RequestQueue();
    queue.push(1, 9);
    queue.push(2, 5);
    queue.push(3, 0);
    queue.delete(1);
    expect(queue.has(1)).toBe(false);
    queue.push(1, 1);
    queue.delete(7); // Never there.
    expect(drain(queue)).toEqual([2, 1, 3]);
  });

  it.each([1, 2, 3, 4])('agrees with a sort over a random run (%d)', (seed) => {
    const random = seeded(seed);
    const queue = new RequestQueue();
    let plain: { shape: number; promise: number; order: number }[] = [];
    const best = (): number | undefined =>
      plain.toSorted((a, b) => b.promise - a.promise || a.order - b.order)[0]?.shape;
    for (let order = 0; order < 4_000; order += 1) {
      const shape = Math.floor(random() * 60);
      const choice = random();
      if (choice < 0.5) {
        const promise = Math.floor(random() * 5);
        queue.push(shape, promise);
        if (!plain.some((one) => one.shape === shape)) plain.push({ shape, promise, order });
      } else {
        const gone = choice < 0.75 ? shape : queue.first();
        if (gone !== undefined) queue.delete(gone);
        plain = plain.filter((one) => one.shape !== gone);
      }
      expect(queue.first()).toBe(best());
      expect(queue.size).toBe(plain.length);
      expect(queue.has(shape)).toBe(plain.some((one) => one.shape === shape));
    }
  });

  it('takes no memory of what was deleted once it is empty, and little before', () => {
    const queue = new RequestQueue();
    for (let round = 0; round < 200; round += 1) {
      for (let shape = 0; shape < 1_000; shape += 1) queue.push(shape, round);
      for (let shape = 0; shape < 1_000; shape += 1) queue.delete(shape);
    }
    queue.push(1, 0);
    expect(drain(queue)).toEqual([1]);
  });
});

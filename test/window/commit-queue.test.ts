import { expect, it } from 'vitest';
import { CommitQueue } from '../../src/window/commit-queue.ts';

it('gives lines back in order, with exact counts, over many more than it takes at once', () => {
  const queue = new CommitQueue();
  let pushed = 0;
  let shifted = 0;
  let misplaced = 0;
  const push = (): void => {
    pushed += 1;
    queue.push({ shape: pushed, text: '', number: pushed, time: 0, bytes: 2, arrived: 0 });
  };
  for (let i = 0; i < 40_000; i += 1) push();
  while (queue.length > 0) {
    shifted += 1;
    if (queue.shift()?.number !== shifted) misplaced += 1;
    if (shifted % 3 === 0 && pushed < 60_000) push();
    if (queue.byteCount !== queue.length * 2) misplaced += 1;
    if (queue.first !== undefined && queue.first.shape !== shifted + 1) misplaced += 1;
  }
  expect(misplaced).toBe(0);
  expect(shifted).toBe(pushed);
  expect(queue.shift()).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { SlotCounts, slotsMax } from '../../src/window/slot-counts.ts';

function countsOf(slots: SlotCounts, shape: number): number[] {
  const counts: number[] = [];
  slots.addTo(counts, shape);
  return counts;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('counts by slot', () => {
  it('tell each line in the slot that it lies in, whatever the order and the span', () => {
    const random = numbers(7);
    for (const span of [1, 50, 4_000, 10_000_000, 3e12]) {
      const slots = new SlotCounts();
      const places: number[][] = [[], [], []];
      for (let i = 0; i < 600; i += 1) {
        const shape = Math.floor(random.next().value * 2);
        const at = Math.floor(1.7e12 + (random.next().value - 0.5) * span);
        places[shape]!.push(at);
        slots.add(shape, at);
      }
      places[2]!.push(slots.most);
      slots.add(2, slots.most);
      const { start, width, slotCount } = slots;
      expect(slotCount).toBeLessThanOrEqual(slotsMax);
      if (span > slotsMax) expect(slotCount).toBeGreaterThan(slotsMax / 2 - 2);
      for (const [shape, own] of places.entries()) {
        const expected = new Array<number>(slotCount).fill(0);
        for (const at of own) expected[Math.floor((at - start) / width)]! += 1;
        expect(countsOf(slots, shape)).toEqual(expected);
      }
      const all = places.flat();
      expect([slots.least, slots.most]).toEqual([Math.min(...all), Math.max(...all)]);
    }
  });

  it('forget a shape, whose number another may take', () => {
    const slots = new SlotCounts();
    for (let at = 0; at < 100; at += 1) slots.add(5_000, at);
    slots.add(1, 50);
    slots.forget(5_000);
    expect(sum(countsOf(slots, 5_000))).toBe(0);
    slots.add(5_000, 99);
    expect([sum(countsOf(slots, 5_000)), sum(countsOf(slots, 1))]).toEqual([1, 1]);
    expect(countsOf(slots, 9_999).every((count) => count === 0)).toBe(true);
  });

  it('take a place again that was freed', () => {
    const slots = new SlotCounts();
    for (let round = 0; round < 500; round += 1) {
      slots.add(0, 0);
      slots.add(0, 63);
      slots.forget(0);
    }
    expect(slots.bytes).toBeLessThan(20_000);
  });
});

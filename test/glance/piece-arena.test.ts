import { describe, expect, it } from 'vitest';
import { PieceArena } from '../../src/glance/piece-arena.ts';
import { seeded } from '../scan/vectors.ts';

function idsAt(arena: PieceArena, start: number, count: number): number[] {
  return [...arena.pieces.subarray(start, start + count)];
}

describe('PieceArena', () => {
  it('keeps ids where it says, of any length from 0 to 32', () => {
    const arena = new PieceArena();
    const kept = Array.from({ length: 33 }, (_, count) => {
      const ids = Uint16Array.from({ length: count }, (__, i) => 65_535 - count * 100 - i);
      return { ids, start: arena.put(ids, count) };
    });
    for (const { ids, start } of kept) expect(idsAt(arena, start, ids.length)).toEqual([...ids]);
  });

  it('takes only the first ids that it is told to', () => {
    const arena = new PieceArena();
    const start = arena.put(Uint16Array.of(1, 2, 3, 4, 5, 6), 2);
    const next = arena.put(Uint16Array.of(7), 1);
    expect(idsAt(arena, start, 2)).toEqual([1, 2]);
    expect(idsAt(arena, next, 1)).toEqual([7]);
  });

  it('agrees with a plain map over a random run of puts and releases', () => {
    const random = seeded(5);
    const arena = new PieceArena();
    const kept: { start: number; ids: number[] }[] = [];
    for (let step = 0; step < 20_000; step += 1) {
      if (kept.length > 0 && random() < (step < 10_000 ? 0.4 : 0.55)) {
        const [one] = kept.splice(Math.floor(random() * kept.length), 1);
        expect(idsAt(arena, one!.start, one!.ids.length)).toEqual(one!.ids);
        arena.release(one!.start, one!.ids.length);
      } else {
        const ids = Array.from({ length: Math.floor(random() * 33) }, () =>
          Math.floor(random() * 65_536),
        );
        kept.push({ start: arena.put(Uint16Array.from(ids), ids.length), ids });
      }
    }
    expect(kept.length).toBeGreaterThan(10);
    for (const { start, ids } of kept) expect(idsAt(arena, start, ids.length)).toEqual(ids);
  });

  it('uses what was given back again, so that its memory is flat', () => {
    const arena = new PieceArena();
    const random = seeded(6);
    const ids = new Uint16Array(32);
    const ring = Array.from({ length: 1_000 }, () => ({ start: 0, count: 0 }));
    let settled = 0;
    for (let i = 0; i < 300_000; i += 1) {
      const slot = ring[i % 1_000]!;
      if (i >= 1_000) arena.release(slot.start, slot.count);
      slot.count = Math.floor(random() * 33);
      slot.start = arena.put(ids, slot.count);
      if (i === 50_000) settled = arena.byteLength;
    }
    // 1,000 stretches of 16.5 ids on average, each length with free ones of its own.
    expect(settled).toBeLessThan(128 * 1024);
    expect(arena.byteLength).toBe(settled);
  });

  it('links free stretches that lie beyond 65,535 too', () => {
    const arena = new PieceArena();
    const ids = Uint16Array.from({ length: 32 }, (_, i) => i);
    const starts = Array.from({ length: 10_000 }, () => arena.put(ids, 32));
    expect(starts.at(-1)).toBeGreaterThan(300_000);
    for (const start of starts) arena.release(start, 32);
    const again = starts.map(() => arena.put(ids, 32));
    expect(new Set(again)).toEqual(new Set(starts));
  });
});

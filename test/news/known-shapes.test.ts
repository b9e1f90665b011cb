import { describe, expect, it } from 'vitest';
import { KnownShapes } from '../../src/news/known-shapes.ts';
import { Random } from '../simulator/random.ts';

const dimensions = 128;

interface Known {
  readonly vector: Float32Array;
  readonly troubles: readonly string[];
}

/** All compared with all. */
function plainNearest(
  known: ReadonlyMap<number, Known>,
  vector: Float32Array,
  troubles: readonly string[],
): number | undefined {
  let most: number | undefined;
  for (const other of known.values()) {
    if (!troubles.every((word) => other.troubles.includes(word))) continue;
    const similarity =
      dot(vector, other.vector) / Math.sqrt(dot(vector, vector) * dot(other.vector, other.vector));
    if (most === undefined || similarity > most) most = similarity;
  }
  return most;
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
}

describe('known shapes', () => {
  it('find the nearest that speaks of the same trouble, as comparing all does', () => {
    const seeded = new Random(11);
    const random = (): number => seeded.next();
    const words = ['failed', 'refused', 'down'];
    const shapes = new KnownShapes(300, dimensions);
    const known = new Map<number, Known>();
    for (let step = 0; step < 1_500; step += 1) {
      const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
      const troubles = words.filter(() => random() < 0.25);
      const nearest = shapes.nearest(vector, troubles);
      const plain = plainNearest(known, vector, troubles);
      if (plain === undefined) expect(nearest).toBeUndefined();
      else if (troubles.length < 2) expect(nearest?.similarity).toBeCloseTo(plain, 5);
      const shape = Math.floor(random() * 300);
      shapes.remove(shape);
      known.delete(shape);
      if (random() < 0.7) {
        shapes.add(shape, vector, troubles);
        known.set(shape, { vector, troubles });
      }
    }
    expect(known.size).toBeGreaterThan(100);
  });

  it('are never near to what says nothing', () => {
    const shapes = new KnownShapes(4, dimensions);
    shapes.add(0, new Float32Array(dimensions), []);
    expect(shapes.nearest(new Float32Array(dimensions).fill(1), [])).toBeUndefined();
    shapes.add(1, new Float32Array(dimensions).fill(1), []);
    expect(shapes.nearest(new Float32Array(dimensions), [])).toBeUndefined();
  });
});

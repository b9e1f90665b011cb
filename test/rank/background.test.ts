import { describe, expect, it } from 'vitest';
import { along, Background, cosineBeyond, sampleWeight } from '../../src/rank/background.ts';

const dimensions = 8;

function shape(...values: number[]): Float32Array {
  const vector = new Float32Array(dimensions);
  vector.set(values);
  const length = Math.hypot(...values);
  return vector.map((value) => value / length);
}

describe('the background of a stream', () => {
  it('hides what all shapes share', () => {
    const background = new Background(dimensions);
    for (let i = 0; i < 64; i += 1) background.see(shape(3, i % 2, (i + 1) % 2), 0);
    const [one, other] = [shape(3, 1, 0), shape(3, 0, 1)];
    const product = one.reduce((sum, value, i) => sum + value * other[i]!, 0);
    expect(product).toBeCloseTo(0.9);
    const beyond = cosineBeyond(
      background,
      product,
      along(background, one, 0),
      along(background, other, 0),
    );
    expect(beyond).toBeLessThan(0);
  });

  it('leaves a cosine as it is before anything was seen', () => {
    const background = new Background(dimensions);
    expect(cosineBeyond(background, 0.4, 0, 0)).toBe(0.4);
  });

  it('looks at ever fewer shapes, each for those it stands for', () => {
    const background = new Background(dimensions);
    for (let i = 0; i < 100_000; i += 1) background.see(i < 50_000 ? shape(1) : shape(0, 1), 0);
    expect(background.version).toBeLessThan(32 + 12 * 16);
    expect(background.vector[0]).toBeCloseTo(0.5, 1);
    expect(background.vector[1]).toBeCloseTo(0.5, 1);
  });

  it('hides little after a few shapes, which may be alike by chance', () => {
    const background = new Background(dimensions);
    const vector = shape(1);
    for (let i = 0; i < 2; i += 1) background.see(vector, 0);
    expect(along(background, vector, 0)).toBeCloseTo(0.2);
  });

  it('has every shape stood for by one that is sampled', () => {
    let sum = 0;
    for (let n = 1; n <= 4_096; n += 1) sum += sampleWeight(n);
    expect(sum).toBe(4_096);
  });

  it('leaves out what was not read', () => {
    const background = new Background(dimensions);
    for (let i = 0; i < 32; i += 1) background.see(shape(1), undefined);
    expect(background.version).toBe(0);
    expect(background.seen).toBe(32);
  });
});

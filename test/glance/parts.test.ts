import { describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';
import { partsOf } from '../../src/glance/parts.ts';

describe('the parts of a phrase', () => {
  it.each([
    ['break-in attempt or unauthorised access', ['break-in attempt', 'unauthorised access']],
    ['disk full, out of memory', ['disk full', 'out of memory']],
    ['gold; silver, copper or oil', ['gold', 'silver', 'copper', 'oil']],
    ['timeout / connection refused', ['timeout', 'connection refused']],
    ['a crash, a hang, or a deadlock', ['a crash', 'a hang', 'a deadlock']],
  ])('of %s are each a way to answer it', (phrase, parts) => {
    expect(partsOf(phrase)).toEqual(parts);
  });

  it.each([
    'connection lost',
    'TCP/IP stack and I/O errors',
    '1,000 requests',
    'upload and download',
    'oregon or',
    'this or that',
  ])('are none in %s, which names one thing', (phrase) => {
    expect(partsOf(phrase)).toEqual([]);
  });

  it('leave out a word alone that lost its trouble', () => {
    expect(partsOf('login or session failure')).toEqual(['session failure']);
    expect(partsOf('crash or session failure')).toEqual(['crash', 'session failure']);
  });

  it('each find their lines as if asked alone', async () => {
    const engine = await Engine.open();
    const lines = [
      'disk /dev/sda1 is full',
      'login of root accepted',
      'killed process: out of memory',
    ];
    await engine.ingestBatch(lines);
    const best = async (phrase: string): Promise<string[]> =>
      (await engine.search(phrase, 2)).map(({ text }) => text).sort();
    expect(await best('disk full, out of memory')).toEqual([lines[0], lines[2]]);
    const [alone] = await engine.search('disk full', 1);
    const [together] = await engine.search('disk full or out of memory', 3);
    expect(together!.score).toBeGreaterThan(alone!.score - 0.1);
    await engine.close();
  }, 30_000);
});

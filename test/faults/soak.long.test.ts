import { expect, it } from 'vitest';
import { expectSoaked } from '../helpers/soak.ts';

it('a soak of six minutes: every line is accounted for, and memory is flat', async () => {
  const { growth } = await expectSoaked(['--minutes', '6', '--window', '10000']);
  expect(Object.keys(growth)).toEqual(['heapBytes', 'rssBytes']);
}, 900_000);

import { expect, it } from 'vitest';
import { memoryAfter } from '../helpers/flat-memory.ts';
import { expectWholeRows, hammeredKernels } from '../scan/hammer.ts';

it.each(hammeredKernels)(
  '24. rows leased anew during scans by %s are never torn, for a minute',
  async (_, kernelOf) => {
    await expectWholeRows(kernelOf, 60);
  },
  300_000,
);

it('27. memory is flat from the first to the fifth million of lines', async () => {
  const million = await memoryAfter(1_000_000);
  expect((await memoryAfter(5_000_000)) - million).toBeLessThan(150); // MiB; held, they would be a thousand and more.
}, 1_200_000);

import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { it } from 'vitest';
import { expectLongLineCut, longLine } from '../helpers/long-lines.ts';

it('9. a line of 5 GB is cut at the cap, and memory is flat', async () => {
  await expectLongLineCut(longLine(5_000));
}, 600_000);

it('9. so is one of 5 GB that comes in gzip', async () => {
  await expectLongLineCut(Readable.from(longLine(5_000)).pipe(createGzip({ level: 1 })));
}, 600_000);

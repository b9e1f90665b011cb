/** Properties that must hold for whatever comes: fast-check makes it, and shrinks what breaks them. */
import fc from 'fast-check';

const seed = Number(process.env['IMESDE_PROPERTY_SEED'] ?? 20_261_126);

/**
 * Checks a property with what one seed gives, so that a failure comes again; it tells the seed, and the
 * least that fails. IMESDE_PROPERTY_SEED=N tries another.
 */
export function holds<Values extends unknown[]>(
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  fc.assert(property, { seed, numRuns });
}

/** The same for a property that awaits. */
export async function holdsLater<Values extends unknown[]>(
  property: fc.IAsyncProperty<Values>,
  numRuns: number,
): Promise<void> {
  await fc.assert(property, { seed, numRuns });
}

/** Bytes, and the same cut into chunks anywhere. */
export function chunked(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer[]> {
  return fc
    .tuple(bytes, fc.array(fc.nat({ max: 40 }), { maxLength: 60 }))
    .map(([all, sizes]) => chunksOf(Buffer.from(all), sizes));
}

function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

/** Bytes of text, and some that are none. */
export function textBytes(maxLength = 200): fc.Arbitrary<Uint8Array> {
  const pieces = ['a', 'bc', ' ', '\r', '\n', '\r\n', 'é', '日', '\u{1f600}', '{', '"'];
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => Buffer.of(code));
  const lead = fc.constantFrom(0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff, 0);
  return fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...pieces).map((text) => Buffer.from(text)) },
        { weight: 1, arbitrary: byte },
        { weight: 2, arbitrary: lead.map((code) => Buffer.of(code)) },
      ),
      { maxLength },
    )
    .map((parts) => new Uint8Array(Buffer.concat(parts)));
}

/** Every bound of the engine in one place; the unit is the last word of its name. */

/** Window, see README "Memory" for what a line, a shape and a byte cost. */
export const windowLinesDefault = 262_144;
export const windowLinesMax = 16_777_216;
export const rowsDefault = 16_384;
/** With `leasedRowsMax` beside them, all that the 4 GiB of their token vectors hold. */
export const rowsMax = 2 ** 20 - 1_024;
export const windowBytesDefault = 256 * 1024 * 1024;
export const windowBytesMax = 64 * 1024 * 1024 * 1024;

/** A longer line is cut here. The largest value keeps a line far below V8's longest string. */
export const lineBytesDefault = 64 * 1024;
export const lineBytesMin = 16;
export const lineBytesMax = 16 * 1024 * 1024;

/** Lines read but not yet committed: whichever bound is met first pauses reading. */
export const waitingLinesMax = 131_072;
export const waitingBytesMax = 64 * 1024 * 1024;

/**
 * Rows beyond `--rows` for shapes that a worker still embeds: they enter the window, and evict,
 * only when they commit. This also bounds how far reading runs ahead of embedding.
 */
export const leasedRowsMax = 1_024;

/** Matches per phrase, and the candidates that are ranked for them. */
export const topDefault = 5;
export const topMax = 10_000;
export const candidatesMin = 100;

/** Embedding workers: each costs about 50 MB. */
export const workersMax = 8;

/** A phrase longer than this is refused: no model reads it. */
export const phraseCharsMax = 4_096;

/** Phrases whose embeddings are kept, about 20 KB each. */
export const phrasesCachedMax = 256;

/** Text that goes to the tokenizer; the model reads at most 256 tokens of it. */
export const modelTextCharsMax = 2_048;

/** Tokens that the model reads of a shape; the quality is the same from 48 on (bench/quality). */
export const shapeTokensMax = 128;

/** Tokens of a shape that are kept for ranking. */
export const tokensPerRowMax = 32;

/** Stopping: how long what was read may take to commit before it is given up. */
export const drainMsMax = 1_500;

/** A worker that has not answered for so long is taken to hang inside the model. */
export const workerHangSecondsMax = 30;

/** Every bound of the engine in one place; the unit is the last word of its name. */

/** Window, see README "Memory" for what a line, a shape and a byte cost. */
export const windowLinesDefault = 262_144;
export const windowLinesMax = 16_777_216;
/** Readings kept; where every shape is read, shapes held. */
export const readingsDefault = 4_096;
export const rowsDefault = 16_384;
/** With `leasedRowsMax` beside them, all that the 4 GiB of their token vectors hold. */
export const rowsMax = 2 ** 20 - 1_024;
export const windowBytesDefault = 256 * 1024 * 1024;
export const windowBytesMax = 64 * 1024 * 1024 * 1024;

/** A longer line is cut here. The largest value keeps a line far below V8's longest string. */
export const lineBytesDefault = 64 * 1024;
export const lineBytesMin = 16;
export const lineBytesMax = 16 * 1024 * 1024;
/** Lines that one record may be made of; their bytes are bounded as those of one line. */
export const eventLinesMax = 256;

/** Lines of a followed file that are there already and are read all the same, as tail has it. */
export const followedLinesDefault = 10;

/** Lines read but not yet committed: whichever bound is met first pauses reading. */
export const waitingLinesMax = 131_072;
export const waitingBytesMax = 64 * 1024 * 1024;

/** How long a line waits for its reading, unless the input is held back for it. */
export const patienceMs = 1_000;

/**
 * Rows beyond `--rows` for readings that are under way, or that a waiting line needs: they take the
 * place of others only when that line commits. Some of them are for urgent readings alone.
 */
export const leasedRowsMax = 1_024;
export const urgentRows = 128;

/**
 * Matches per phrase, and the candidates that are ranked for them, twice as many as the matches:
 * the nearest by cosine, or the best by glance, which the model then reads.
 */
export const topDefault = 5;
export const topMax = 10_000;
export const candidatesMin = 100;
export const glancedCandidatesMin = 256;
/** Of shapes that differ in one word at most so many are candidates, and more for a larger --top. */
export const likeCandidatesMax = 10;

/** Lines beside a match that are shown, on each side. */
export const contextLinesMax = 1_000;

/** Embedding workers: each costs about 50 MB. */
export const workersMax = 8;

/** A phrase longer than this is refused: no model reads it. */
export const phraseCharsMax = 4_096;

/** Examples of what is asked for, and as many of what is not meant: a glance holds 2 MB for each. */
export const marksMax = 16;

/** Phrases whose embeddings are kept, about 20 KB each. */
export const phrasesCachedMax = 256;

/** Text that goes to the tokenizer; the model reads at most 256 tokens of it. */
export const modelTextCharsMax = 2_048;

/** Tokens that the model reads of a shape; the quality is the same from 48 on (bench/quality). */
export const shapeTokensMax = 128;

/** Tokens of a shape, and of a phrase, that rank. */
export const tokensPerRowMax = 32;
export const phraseTokensMax = 32;

/** A unit vector's numbers lie in [-1, 1]: an int8 code is number × 127, rounded. */
export const tokenScale = 127;

/** Stopping: how long what was read may take to commit before it is given up. */
export const drainMsMax = 1_500;

/** A worker that has not answered for so long is taken to hang inside the model. */
export const workerHangSecondsMax = 30;

/** Shapes that are remembered to tell what is new: some 700 bytes each. */
export const knownShapesMax = 65_536;

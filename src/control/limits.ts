/** Bounds of asking a running instance; the unit is the last word of each name. */

/**
 * A request line without its newline. A write to a pipe of up to PIPE_BUF, 4,096 bytes on Linux, is
 * never mixed with another's, so that askers need no lock among them.
 */
export const requestBytesMax = 4_096;
export const idCharsMax = 256;

/** Requests worked on at the same time; further ones wait in the pipe. */
export const requestsAtOnceMax = 8;

/** An answer, with all its matches. */
export const answerBytesMax = 16 * 1024 * 1024;
/** Answers that wait for one asker to read, and for all of them; a further one is dropped. */
export const answersPerAskerMax = 64;
export const answersWaitingBytesMax = 64 * 1024 * 1024;
/** How long an asker may take nothing of its answer before the rest is dropped. */
export const replyIdleMsMax = 5_000;
/** The same for standard output, where an answer has less right to wait than the watches. */
export const stdoutIdleMsMax = 1_000;
/** What is formatted and written in one go: fits into an empty pipe, takes well under 2 ms. */
export const partCharsMax = 32 * 1024;

/** When an instance ends: how long what was asked may be worked on, and then take to go out. */
export const lastWorkMsMax = 5_000;
export const closingMsMax = 500;

export const watchesMax = 256;

/** On the bus: requests that wait, newest first; an older one is told that the instance is busy. */
export const requestsWaitingMax = 64;
/** What an asker of a fleet keeps: of all answers together, the rest is counted. */
export const fleetMatchesMax = 100_000;
export const fleetBytesMax = 256 * 1024 * 1024;
/** How long no server may have added to the list of instances before it is taken to be whole. */
export const listQuietMs = 100;
/** How often the list is asked for again while somebody owes an answer. */
export const listAgainMs = 200;
/** Connections on a page of the list; the servers give no more at once. */
export const listPageMax = 1_000;

/** Figures of ingest.js for people. */
import { table } from '../report.js';

/** What a stream's speed is divided by, and what the quotient should be at least. */
const bounds = [
  { of: 'few', by: 'cosine', atLeast: 20 },
  { of: 'many', by: 'cosine', atLeast: 50 },
  { of: 'watch', by: 'cosine', atLeast: 20 },
  { of: 'fiveWatches', by: 'cosine', atLeast: 6 },
  { of: 'filesOnce', by: 'filesCosine', atLeast: 1.8 },
  { of: 'filesSteady', by: 'filesSteadyOther', atLeast: 1 },
  { of: 'knownSteady', by: 'knownSteadyOther', atLeast: 1 },
];

/** The streams to hold beside what a peer does with the same lines. */
const streamsOfInput = { headlines: ['few', 'many'], files: ['filesOnce'] };

const whole = (value) => Math.round(value).toLocaleString('en-US');
const times = (ratio) => `${ratio < 20 ? ratio.toFixed(2) : whole(ratio)} ×`;

/** @returns {Record<string, number>} the quotients of the bounds whose streams were measured */
export function ratiosOf(streams) {
  const measured = bounds.filter(({ of, by }) => streams[of] && streams[by]);
  return Object.fromEntries(
    measured.map(({ of, by }) => [
      `${of} / ${by}`,
      Number((streams[of].linesPerSecond / streams[by].linesPerSecond).toPrecision(4)),
    ]),
  );
}

/** A row for each stream through imesde. */
export function streamsTable(results) {
  return table(
    ['input', 'lines', 'shapes', 'read', 's', 'lines/s', 'peak MiB'],
    results.map(({ name, lines, shapes, readings, seconds, linesPerSecond, peakMib }) => [
      name,
      ...[lines, shapes, readings].map(whole),
      seconds.toFixed(2),
      whole(linesPerSecond),
      whole(peakMib),
    ]),
  );
}

export function boundsTable(streams, ratios) {
  return table(
    ['lines/s', 'beside', 'ratio', 'at least'],
    bounds
      .filter(({ of, by }) => `${of} / ${by}` in ratios)
      .map(({ of, by, atLeast }) => [
        `${streams[of].name}: ${whole(streams[of].linesPerSecond)}`,
        `${streams[by].name}: ${whole(streams[by].linesPerSecond)}`,
        times(ratios[`${of} / ${by}`]),
        `${atLeast} ×`,
      ]),
  );
}

/** A row for each peer, with how often imesde is faster on the stream that the sample is of. */
export function peersTable(peers, streams) {
  return table(
    ['peer, a sample', 'lines', 's', 'lines/s', 'peak MiB', 'imesde, start-up included'],
    peers.map(({ name, input, lines, seconds, linesPerSecond, peakMib }) => {
      const own = streamsOfInput[input].map((key) => streams[key]);
      return [
        `${name}, ${input}`,
        whole(lines),
        seconds.toFixed(2),
        whole(linesPerSecond),
        whole(peakMib),
        own.map((one) => `${one.name}: ${times(one.linesPerSecond / linesPerSecond)}`).join('; '),
      ];
    }),
  );
}

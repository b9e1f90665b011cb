/** Figures of ingest.js for people. */

const whole = (value) => Math.round(value).toLocaleString('en-US');
const line = (cells) => `| ${cells.join(' | ')} |`;

/** A row for each stream through imesde, with how often it is faster than each peer; then the peers. */
export function markdownTable(results, peers) {
  const columns = ['input', 'lines', 'new shapes', 's', 'lines/s', 'peak MiB'];
  const times = (result) =>
    peers.map((peer) => `${whole(result.linesPerSecond / peer.linesPerSecond)} ×`);
  const rows = results.map((result) => [
    result.name,
    whole(result.lines),
    whole(result.shapes),
    result.seconds.toFixed(2),
    whole(result.linesPerSecond),
    whole(result.peakMib),
    ...times(result),
  ]);
  for (const peer of peers) {
    const { name, lines, seconds, linesPerSecond, peakMib } = peer;
    const speed = linesPerSecond.toFixed(1);
    const figures = [`${name}, a sample`, whole(lines), '–', seconds.toFixed(2), speed];
    rows.push([...figures, whole(peakMib), ...peers.map(() => '–')]);
  }
  return [
    line([...columns, ...peers.map(({ name }) => `than ${name}`)]),
    line(['---', ...Array(columns.length + peers.length - 1).fill('--:')]),
    ...rows.map(line),
  ].join('\n');
}

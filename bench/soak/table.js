/** A row for each sample, printed as it comes. */
import { inMebibytes } from './verdict.js';

const columns = [
  ['s', ({ seconds }) => seconds],
  ['written', ({ written }) => written],
  ['read', ({ read }) => read],
  ['waiting', ({ waiting }) => waiting],
  ['window', ({ window }) => window],
  ['evicted', ({ evicted }) => evicted],
  ['shapes', ({ shapes }) => shapes],
  ['readings', ({ readings }) => readings],
  ['rows', ({ rows }) => rows],
  ['RSS MiB', ({ rssBytes }) => inMebibytes(rssBytes)],
  ['heap MiB', ({ heapBytes }) => inMebibytes(heapBytes)],
  ['asks', ({ asks }) => asks],
  ['p50 ms', ({ askMsP50 }) => askMsP50.toFixed(1)],
  ['p99 ms', ({ askMsP99 }) => askMsP99.toFixed(1)],
  ['printed', ({ printed }) => printed],
  ['rotations', ({ rotations }) => rotations],
  ['stops', ({ stops }) => stops],
  ['pauses', ({ readerPauses }) => readerPauses],
  ['deaths', ({ deaths }) => deaths],
];

const line = (cells) => `| ${cells.join(' | ')} |`;

export const headOfTable = [
  line(columns.map(([title]) => title)),
  line(columns.map(() => '--:')),
].join('\n');

export function rowOfTable(sample) {
  return line(columns.map(([title, cell]) => String(cell(sample)).padStart(title.length)));
}

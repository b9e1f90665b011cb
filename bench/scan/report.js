/** Figures of scan.js for people. */
import { table } from '../report.js';

const columns = [
  ['scanUs', 'imesde'],
  ['slicedUs', 'in slices'],
  ['top1000Us', 'k = 1,000'],
  ['tenQueriesUs', '10 phrases'],
  ['plainUs', 'TypeScript'],
  ['readUs', 'read once'],
  ['faissUs', 'FAISS flat'],
  ['usearchUs', 'usearch'],
  ['rustUs', 'Rust imesde'],
  ['rustOneShardUs', 'one shard'],
];

const plotted = [
  ['scanUs', 'i'],
  ['faissUs', 'F'],
  ['usearchUs', 'u'],
  ['rustUs', 'R'],
];

export function markdownTable(results) {
  const number = (value) => (value === undefined ? '–' : value.toLocaleString('en-US'));
  const ratio = (result, name) => {
    const times = result[name] / result.scanUs;
    return Number.isNaN(times) ? '–' : `${times.toFixed(1)} ×`;
  };
  return table(
    ['rows', ...columns.map(([, title]) => title), 'FAISS / imesde', 'Rust / imesde'],
    results.map((result) => [
      number(result.rows),
      ...columns.map(([name]) => number(result[name])),
      ratio(result, 'faissUs'),
      ratio(result, 'rustUs'),
    ]),
    Array(columns.length + 3).fill('--:'),
  );
}

/** µs against rows, both axes logarithmic: a line for each number of rows, a letter for each program. */
export function textPlot(results) {
  const perDecade = 14;
  const at = (us) => Math.round(Math.log10(us / 10) * perDecade);
  const width = at(1e6) + 1;
  const lines = results.map((result) => {
    const cells = Array(width).fill(' ');
    for (const [name, letter] of plotted) {
      if (result[name] !== undefined) cells[Math.max(0, at(result[name]))] = letter;
    }
    return `${result.rows.toLocaleString('en-US').padStart(9)} |${cells.join('').trimEnd()}`;
  });
  const ticks = ['10 µs', '100 µs', '1 ms', '10 ms', '100 ms', '1 s'];
  const axis = ticks.map((tick) => tick.padEnd(perDecade)).join('');
  const legend = 'i imesde, F FAISS flat, u usearch exact, R Rust imesde';
  return ['     rows', ...lines, `${' '.repeat(11)}${axis.trimEnd()}`, legend].join('\n');
}

/**
 * A recorded terminal as one SVG: rows of text. Its rows appear one after the other, once, and
 * stay; where motion is not wanted or not known they are all there from the start.
 */
import { columns } from './session.js';

const fontSize = 14; // Pixels, as all that follows.
const cellWidth = 8.4;
const rowHeight = 19;
const margin = 18;
const titleHeight = 30;

/** Seconds: a command waits for the eye to come, its output for the machine, a live line for life. */
const pauses = { command: 1.1, output: 0.5, row: 0.05, liveRow: 0.5 };

/** @param session - what `recordSession` tells */
export function svgOf(session) {
  const texts = [];
  let row = 0;
  let time = -pauses.command + 0.2;
  const add = (runs) => texts.push(textOf(runs, row++, time));
  for (const { live, command, output } of session) {
    time += pauses.command;
    command.forEach(add);
    time += pauses.output;
    for (const runs of output) {
      add(runs);
      time += live ? pauses.liveRow : pauses.row;
    }
    row += 1;
  }
  const width = Math.ceil(columns * cellWidth) + 2 * margin;
  const height = (row - 1) * rowHeight + titleHeight + 1.5 * margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>imesde in a terminal: a query, a watch, what is new</title>
<style>
text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #c9d1d9; white-space: pre }
.bold { font-weight: 700; fill: #fff }
.dim { fill: #7d8590 }
.red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .blue { fill: #58a6ff }
@media (prefers-reduced-motion: no-preference) {
text { animation: appear 0.01s both }
@keyframes appear { from { opacity: 0 } }
}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="17" r="5" fill="#ff5f57"/><circle cx="37" cy="17" r="5" fill="#febc2e"/><circle cx="54" cy="17" r="5" fill="#28c840"/>
${texts.join('\n')}
</svg>
`;
}

/** `textLength` keeps the columns where the reader's font is wider or narrower than ours. */
function textOf(runs, row, time) {
  const y = titleHeight + margin / 2 + row * rowHeight + fontSize / 2;
  const length = runs.reduce((sum, { text }) => sum + text.length, 0);
  const spans = runs.map(({ style, text }) =>
    style === '' ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`,
  );
  const place = `x="${margin}" y="${y}" textLength="${(length * cellWidth).toFixed(1)}"`;
  return `<text xml:space="preserve" ${place} style="animation-delay:${time.toFixed(2)}s">${spans.join('')}</text>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

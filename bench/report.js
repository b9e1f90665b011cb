/** What bench scripts print with. */

/**
 * A Markdown table.
 * @param heads - the first is of text, the others of numbers, unless `align` says otherwise
 */
export function table(heads, rows, align = ['---', ...Array(heads.length - 1).fill('--:')]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [heads, align, ...rows].map(line).join('\n');
}

/** The value below which a share of them lies, 0 to 1: one of them, none between two. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function median(values) {
  return quantile(values, 0.5);
}

/** Of milliseconds, to a tenth. */
export function quantiles(values) {
  const at = (share) => Number(quantile(values, share).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

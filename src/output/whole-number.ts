/**
 * A number without its fraction, as 12,345.
 *
 * Not an Intl.NumberFormat kept for all calls: the first of them takes some 20 ms, which a command
 * would pay for at its start even when it prints no number.
 */
export function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

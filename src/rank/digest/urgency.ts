/** How much of an event's words an operator should see, whether or not there are many of its lines. */
import { troubleOfShape } from '../../glance/trouble.ts';

/** By level: what is added to what the words say. */
const steps = new Map<string, number>();
for (const level of 'emerg emergency alert critical crit fatal severe error err panic e f'.split(
  ' ',
)) {
  steps.set(level, 0.5);
}
for (const level of 'warn warning w'.split(' ')) steps.set(level, 0);
for (const level of 'notice info debug trace verbose i d v'.split(' ')) steps.set(level, -0.5);
/** As Android and others write it, before all else; not that of I/O. */
const letterFirst = /^[dviwef](?= (?!o ))/;

/**
 * 0, one half or 1: how plainly a log's line speaks of trouble. The level it is written with counts,
 * as it does not where a phrase is looked for: what is logged as an error is trouble, and what is
 * logged as information is half as plain as its words.
 * @param key - of the line's shape
 */
export function urgencyOf(key: string): number {
  const trouble = troubleOfShape(key);
  if (trouble === 0) return 0;
  const [letter] = letterFirst.exec(key) ?? [];
  const isLevel = (word: string): boolean => word.length > 1 && steps.has(word);
  const level = letter ?? key.toLowerCase().split(' ').find(isLevel) ?? '';
  return Math.min(1, trouble + (steps.get(level) ?? 0));
}

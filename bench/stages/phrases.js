/** Watched phrases that no line comes near enough to: glanced at for each new shape, never read. */
import { embedPhrase } from '../quality/read-shapes.js';

/** Lines need about 1.25 by glance, and more once something better was seen. */
const minScore = 0.9999;

const texts = [
  'disk is about to fail',
  'someone tries to break in',
  'certificate has expired',
  'customers can not pay',
  'database is unreachable',
  'memory runs out',
  'a backup was not made',
  'configuration was rejected',
  'the queue grows and grows',
  'service started again and again',
  'wrong password',
  'network cable unplugged',
  'mail could not be delivered',
  'permission denied while writing a file',
  'clock is not in sync',
  'machine gets too hot',
  'deployment was rolled back',
  'license is no longer valid',
  'requests take too long',
  'two nodes believe that they lead',
];

/** @returns the first `count` phrases, opened for these stages */
export async function openPhrases({ ranking }, count) {
  const opened = [];
  for (const text of texts.slice(0, count)) {
    opened.push(ranking.open(text, await embedPhrase(text, ranking)));
  }
  return opened;
}

/** Watches for the first `count` phrases from here on, and for no others. */
export async function watchOnly(stages, count) {
  const { watches } = stages.watching;
  for (const watch of watches.all) watches.remove(watch);
  for (const phrase of await openPhrases(stages, count)) watches.add(phrase, minScore);
}

/** What is wanted would wait for ever, and the lines behind it. */
export function assertNothingWanted({ readings }) {
  if (readings.waitingCount > 0) throw new Error('a shape comes near the watched phrases');
}

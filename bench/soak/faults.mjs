/**
 * Loaded before imesde, in its workers too. A worker can't be killed from outside, it is a thread: so
 * that now and then one dies in the middle of its work. And what no status tells: the heap, after a
 * full collection, noted in a file.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const { SOAK_NOTES: notes, SOAK_NOTE_MS: noteMs, SOAK_DEATH_MS: deathMs } = process.env;
const work = new Set(['shapes', 'phrases']);

if (isMainThread) {
  let deaths = 0;
  let isDue = false;
  /** Work that a worker died of is done again once: if another died of it, that would be the end. */
  let diedOf = new Set();
  const workOf = ({ type, rows, ids }) => (type === 'shapes' ? rows : [ids.join(';')]);
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    const isPlanted =
      isDue && work.has(message.type) && !workOf(message).some((one) => diedOf.has(one));
    if (isPlanted) {
      diedOf = new Set(workOf(message));
      isDue = false;
      deaths += 1;
    }
    const planted = deaths % 2 === 0 ? 'throws' : 'exits';
    postMessage.call(this, isPlanted ? { ...message, planted } : message, ...rest);
  };
  setInterval(() => {
    isDue = true;
  }, Number(deathMs)).unref();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setInterval(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(notes, JSON.stringify({ heapBytes: heapUsed, externalBytes: external, deaths }));
  }, Number(noteMs)).unref();
} else {
  const { on } = parentPort;
  parentPort.on = (event, listener) =>
    on.call(parentPort, event, (message) => {
      if (message.planted === 'exits') process.exit(7);
      if (message.planted === 'throws') throw new Error('planted throw');
      listener(message);
    });
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { logsFolder } from './run-imesde.ts';

export const logNames = [
  'shop.log',
  'auth.log',
  'api.jsonl',
  'worker.logfmt',
  'kernel.log',
  'access.log',
];

export function readLog(name: string): string {
  return readFileSync(path.join(logsFolder, name), 'utf8');
}

export function linesOfLog(name: string): string[] {
  return readLog(name).trimEnd().split('\n');
}

/** All sample logs in one. */
export function allLogs(): string {
  return logNames.map(readLog).join('');
}

/** So many lines of words that no other line has: each is a shape of its own. */
export function newShapes(count: number, seed = 1): string {
  let state = seed;
  const word = (): string => {
    let text = '';
    for (let i = 0; i < 4; i += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      text += String.fromCharCode(97 + ((state >>> 8) % 26));
    }
    return text;
  };
  let lines = '';
  for (let i = 0; i < count; i += 1) lines += `${word()} ${word()} ${word()}\n`;
  return lines;
}

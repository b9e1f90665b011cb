import { readdirSync } from 'node:fs';
import path from 'node:path';
import { linesOf, readSystems, sharedFolders } from '../quality/data.js';

/**
 * All logs as one stream, and each set of prose (prose/X.txt).
 * @param data - a folder laid out as ../shared/quality
 * @returns {{name: string, lines: string[], phrases: string[]}[]}
 */
export function readStreams(data) {
  const systems = readSystems(sharedFolders(data));
  const logs = {
    name: 'logs',
    lines: systems.flatMap(({ lines }) => lines),
    phrases: phrasesOf(systems.flatMap(({ queries }) => queries)),
  };
  const folder = path.join(data, 'prose');
  const queries = linesOf(path.join(folder, 'queries.jsonl')).map((line) => JSON.parse(line));
  const prose = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => ({
      name: path.parse(file).name,
      lines: linesOf(path.join(folder, file)),
      phrases: phrasesOf(queries.filter(({ system }) => system === path.parse(file).name)),
    }));
  return [logs, ...prose];
}

function phrasesOf(queries) {
  return [...new Set(queries.map(({ query }) => query))];
}

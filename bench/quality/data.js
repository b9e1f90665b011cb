import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Labelled logs: `logs/X.log` with `labels/X.txt` (../shared/quality), or the project's own sample
 * logs, whose labels are in test/fixtures/labelled/X.events.
 * @returns {{name: string, lines: string[], events: string[], queries: object[]}[]}
 */
export function readSystems(folders) {
  const queries = readFileSync(folders.queries, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ query }) => query);
  return [...new Set(queries.map(({ system }) => system))].sort().map((name) => ({
    name,
    lines: linesOf(folders.log(name)),
    events: linesOf(folders.events(name)),
    queries: queries.filter(({ system }) => system === name),
  }));
}

export function sharedFolders(data) {
  return {
    queries: path.join(data, 'queries.jsonl'),
    log: (name) => path.join(data, 'logs', `${name}.log`),
    events: (name) => path.join(data, 'labels', `${name}.txt`),
  };
}

/** The project's own sample logs and labels. */
export function ownFolders() {
  const fixtures = new URL('../../test/fixtures/', import.meta.url).pathname;
  const logs = new Map(
    readdirSync(path.join(fixtures, 'logs')).map((name) => [path.parse(name).name, name]),
  );
  return {
    queries: path.join(fixtures, 'labelled', 'queries.jsonl'),
    log: (name) => path.join(fixtures, 'logs', logs.get(name)),
    events: (name) => path.join(fixtures, 'labelled', `${name}.events`),
  };
}

export function linesOf(file) {
  return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
}

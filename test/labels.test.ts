import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from './helpers/imports.ts';
import { repository } from './helpers/run-imesde.ts';
import { linesOfLog, logNames } from './helpers/sample-logs.ts';

const labelled = path.join(repository, 'test/fixtures/labelled');

interface LabelledQuery {
  readonly system: string;
  readonly query: string;
  readonly kind: 'lexical' | 'paraphrase' | 'none';
  readonly relevant: Readonly<Record<string, number>>;
}

const queries = readFileSync(path.join(labelled, 'queries.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as LabelledQuery);

describe('the labels of the sample logs', () => {
  it.each(logNames)('name an event for each line of %s', (name) => {
    const events = readFileSync(path.join(labelled, name.replace(/\..*/, '.events')), 'utf8');
    expect(events.trimEnd().split('\n')).toHaveLength(linesOfLog(name).length);
  });

  it('grade events that there are, and only where there is something to find', () => {
    for (const { system, query, kind, relevant } of queries) {
      const events = new Set(
        readFileSync(path.join(labelled, `${system}.events`), 'utf8')
          .trimEnd()
          .split('\n'),
      );
      const graded = Object.entries(relevant);
      expect({ query, count: graded.length > 0 }).toEqual({ query, count: kind !== 'none' });
      for (const [event, grade] of graded) {
        expect({ query, event, known: events.has(event) }).toEqual({ query, event, known: true });
        expect([1, 2]).toContain(grade);
      }
    }
  });

  it('cover every log with each kind of phrase', () => {
    for (const name of logNames) {
      const own = queries.filter(({ system }) => name.startsWith(`${system}.`));
      expect(new Set(own.map(({ kind }) => kind))).toEqual(
        new Set(['lexical', 'paraphrase', 'none']),
      );
    }
  });
});

describe('the tests', () => {
  it('need nothing from outside the tree', () => {
    const outside = ['/work', 'shared'].join('/');
    for (const [file, source] of readSources(path.join(repository, 'test'))) {
      expect({ file, needsIt: source.includes(outside) }).toEqual({ file, needsIt: false });
    }
  });

  it('have a folder for each folder of src', () => {
    const missing = readdirSync(path.join(repository, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .filter((entry) => !existsSync(path.join(repository, 'test', entry.name)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { formatMatch } from '../../src/output/match-format.ts';
import type { MatchFormat } from '../../src/output/printed-match.ts';

const plain: MatchFormat = { json: false, scores: false, color: false, terminal: false };
const match = {
  query: 'db failure',
  rank: 1,
  score: 0.512_749,
  count: 123,
  line: 1_234,
  time: Date.UTC(2026, 0, 31, 9, 26, 53, 589),
  text: 'ERROR pool: connection refused',
};

describe('formatMatch', () => {
  it('prints the line itself into a pipe', () => {
    expect(formatMatch(match, plain)).toBe('ERROR pool: connection refused\n');
    expect(formatMatch({ ...match, text: '\x1b[1m\u202e' }, plain)).toBe('\x1b[1m\u202e\n');
  });

  it('prints the score before the line where it is asked for', () => {
    expect(formatMatch(match, { ...plain, scores: true })).toBe(`0.513  ${match.text}\n`);
  });

  it('tells on a terminal how many lines a shape stands for', () => {
    const format = { ...plain, terminal: true };
    expect(formatMatch(match, format)).toBe(`${match.text}  ×123\n`);
    expect(formatMatch({ ...match, count: 1 }, format)).toBe(`${match.text}\n`);
    expect(formatMatch({ ...match, count: undefined }, format)).toBe(`${match.text}\n`);
  });

  it('escapes controls on a terminal, and paints only the score and the count', () => {
    const format = { json: false, scores: true, color: true, terminal: true };
    expect(formatMatch({ ...match, text: '\x1b]0;x\x07' }, format)).toBe(
      '\x1b[32m0.513\x1b[39m  \\x1b]0;x\\x07  \x1b[2m×123\x1b[22m\n',
    );
  });

  it('names in JSON all the watched phrases that a line answers', () => {
    const text = formatMatch({ ...match, also: ['outage'] }, { ...plain, json: true });
    expect(text).toMatch(/^\{"query":"db failure","also":\["outage"\],"rank":1,/);
  });

  it('has the keys of JSON in one order, and leaves out what says nothing', () => {
    const format = { ...plain, json: true };
    expect(formatMatch({ ...match, id: '7' }, format)).toBe(
      '{"id":"7","query":"db failure","rank":1,"score":0.5127,"count":123,"line":1234,' +
        '"time":"2026-01-31T09:26:53.589Z","text":"ERROR pool: connection refused"}\n',
    );
    const { query, score, line, time, text } = match;
    expect(
      Object.keys(JSON.parse(formatMatch({ query, score, line, time, text }, format)) as object),
    ).toEqual(['query', 'score', 'line', 'time', 'text']);
  });

  it('prints valid JSON of one line for any text', () => {
    const text = '{"__proto__":1}\n\u2028\0\ud800 "quoted" \\';
    const json = formatMatch({ ...match, text }, { ...plain, json: true, terminal: true });
    expect(json.indexOf('\n')).toBe(json.length - 1);
    expect((JSON.parse(json) as { text: string }).text).toBe(text);
  });
});

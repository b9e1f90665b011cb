import { describe, expect, it } from 'vitest';
import { parseRequestLine } from '../../src/control/request.ts';

function parse(text: string, tail?: string): unknown[] {
  return parseRequestLine({ text, tail });
}

describe('a request', () => {
  it('is a JSON object with an operation', () => {
    const line = '{"id":"7","op":"query","phrase":"db failure","top":3,"reply":"/r"}';
    expect(parse(line)).toEqual([
      {
        id: '7',
        reply: '/r',
        operation: {
          op: 'query',
          phrase: 'db failure',
          top: 3,
          minScore: undefined,
          all: undefined,
        },
      },
    ]);
  });

  it.each(['query', 'watch'])('may give examples to a %s, and what is not meant', (op) => {
    const marks = { like: ['ERROR pool: connection refused'], unlike: ['db backup'] };
    expect(parse(JSON.stringify({ op, phrase: 'db failure', ...marks }))).toEqual([
      { operation: { op, phrase: 'db failure', ...marks } },
    ]);
    expect(parse(JSON.stringify({ op, ...marks }))).toEqual([{ operation: { op, ...marks } }]);
  });

  it.each(['status', 'quit', 'unwatch'])('may be %s alone', (op) => {
    expect(parse(`{"op":"${op}"}`)).toEqual([{ operation: { op } }]);
  });

  it.each([
    ['{"op":"fly"}', 'op must be'],
    ['{"phrase":"x"}', 'op must be'],
    ['{"op":"query"}', 'phrase must be'],
    ['{"op":"query","phrase":" "}', 'phrase must be'],
    ['{"op":"query","like":[]}', 'phrase must be'],
    ['{"op":"query","phrase":"x","like":"y"}', 'like must be a list'],
    ['{"op":"query","phrase":"x","unlike":["y",""]}', 'unlike must be a list'],
    ['{"op":"watch","like":[7]}', 'like must be a list'],
    [`{"op":"query","phrase":"x","like":[${'"y",'.repeat(16)}"y"]}`, 'at most 16'],
    ['{"op":"query","phrase":7}', 'phrase must be'],
    ['{"op":"query","phrase":"x","top":0}', 'top must be'],
    ['{"op":"query","phrase":"x","top":2.5}', 'top must be'],
    ['{"op":"query","phrase":"x","top":10001}', 'top must be'],
    ['{"op":"query","phrase":"x","minScore":"high"}', 'minScore must be'],
    ['{"op":"query","phrase":"x","minScore":2}', 'minScore must be'],
    ['{"op":"query","phrase":"x","all":1}', 'all must be'],
    ['{"op":"watch"}', 'phrase must be'],
    ['{"op":"status","id":{}}', 'id must be'],
    ['{"op":"status","reply":"relative"}', 'reply must be'],
    ['{"op":"query","phrase":', 'no valid JSON'],
  ])('%s is answered with what is wrong', (line, complaint) => {
    expect(parse(line)).toEqual([
      expect.objectContaining({ error: expect.stringContaining(complaint) as string }),
    ]);
  });

  it('keeps id and reply where the rest is wrong, so that its asker is told', () => {
    expect(parse('{"id":7,"op":"fly","reply":"/r"}')).toEqual([
      expect.objectContaining({ id: 7, reply: '/r' }),
    ]);
  });

  it('reads __proto__ as a key like others', () => {
    expect(parse('{"op":"status","__proto__":{"op":"quit"}}')).toEqual([
      { operation: { op: 'status' } },
    ]);
  });
});

describe('a line that is no JSON object', () => {
  it.each(['db failure', '[1]', '"text"', '17', 'null'])('%s is a phrase', (phrase) => {
    expect(parse(phrase)).toEqual([{ operation: { op: 'query', phrase } }]);
  });

  it('is nothing where it is empty', () => {
    expect(parse(' \r')).toEqual([]);
  });
});

describe('half a line', () => {
  it('does not take the next request with it', () => {
    expect(parse('{"op":"que{"op":"status"}', '{"op":"status"}')).toEqual([
      { error: expect.stringContaining('half a request') as string },
      { operation: { op: 'status' } },
    ]);
  });

  it('does so too where it is no JSON', () => {
    expect(parse('db fai{"op":"status"}', '{"op":"status"}')).toHaveLength(2);
  });

  it('is no half where its other half comes later', () => {
    expect(parse('{"op":"status"}', 'tatus"}')).toEqual([{ operation: { op: 'status' } }]);
  });

  it('of one that was too long is no reason to lose the next', () => {
    expect(parseRequestLine({ text: undefined, tail: '{"op":"status"}' })).toEqual([
      { error: expect.stringContaining('longer than') as string },
      { operation: { op: 'status' } },
    ]);
  });
});

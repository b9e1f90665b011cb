import { expect, it } from 'vitest';
import { completeTyped, parseTyped } from '../../src/control/prompt/prompt-commands.ts';

it.each([
  ['db failure', { op: 'query', phrase: 'db failure' }],
  ['  db failure ', { op: 'query', phrase: 'db failure' }],
  ['/search /var is full', { op: 'query', phrase: '/var is full' }],
  ['/watch disk full', { op: 'watch', phrase: 'disk full' }],
  ['/unwatch disk full', { op: 'unwatch', phrase: 'disk full' }],
  ['/unwatch', { op: 'unwatch' }],
  ['/status', { op: 'status' }],
  ['/quit', { op: 'quit' }],
  ['/exit', { op: 'quit' }],
])('%s is a request', (line, operation) => {
  expect(parseTyped(line)).toEqual({ kind: 'operation', operation });
});

it.each([
  ['/like ERROR pool: connection refused', 'like', 'ERROR pool: connection refused'],
  ['/unlike db backup', 'unlike', 'db backup'],
])('%s marks the last search', (line, mark, text) => {
  expect(parseTyped(line)).toEqual({ kind: 'mark', mark, text });
});

it('sets how many matches a search prints', () => {
  expect(parseTyped('/top 20')).toEqual({ kind: 'top', top: 20 });
});

it.each([
  ...['/top', '/top 0', '/top 10001', '/top many'],
  ...['/watch', '/search', '/like', '/unlike', '/var/log is full'],
])('%s is a mistake that says what to do', (line) => {
  expect(parseTyped(line)).toEqual({
    kind: 'mistake',
    message: expect.stringMatching(/needs|see \/help/) as string,
  });
});

it('completes commands, never phrases', () => {
  expect(completeTyped('/st')).toEqual([['/status '], '/st']);
  expect(completeTyped('disk')).toEqual([[], 'disk']);
});

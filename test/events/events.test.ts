import { describe, expect, it } from 'vitest';
import { Events } from '../../src/events/events.ts';
import { added, eventCount, groupsOf, names, randomNumbers } from './streams.ts';

const verbs =
  'accepted rejected queued started stopped paused resumed failed finished cancelled retried ' +
  'delayed escalated archived restored locked unlocked approved denied expired';
const twentyVerbs = verbs.split(' ');
const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'fatal'];

/** A thousand lines; each word that is a list is one of it. */
function stream(...words: (string | readonly string[])[]): string[] {
  const random = randomNumbers(7);
  return Array.from({ length: 1_000 }, () =>
    words
      .map((word) => (typeof word === 'string' ? word : word[Math.floor(random() * word.length)]!))
      .join(' '),
  );
}

describe('what differs in names only', () => {
  it.each([
    ['one name', stream('user', names(300), 'logged in from')],
    ['a name at the end', stream('session opened for user', names(200))],
    ['a name at the beginning', stream(names(200), 'was refused by the server')],
    ['two names', stream('user', names(300), 'logged in from host', names(900).slice(300), 'port')],
    [
      'few users on some hosts',
      stream('session for', names(20), 'opened on host', names(80).slice(20), 'by the manager'),
    ],
  ])('is one event: %s', (_, keys) => {
    expect(new Set(keys).size).toBeGreaterThan(100);
    expect(eventCount(keys)).toBe(1);
  });

  it('is as many events as there are messages', () => {
    const actions = [
      'logged in',
      'logged out',
      'changed password',
      'uploaded a file',
      'was locked',
    ];
    expect(eventCount(stream('user', names(60), actions, 'from console'))).toBe(actions.length);
  });

  it('is one event of six variants where eight words stand around, of five not', () => {
    const of = (count: number): string[] =>
      names(count).map((name) => `sshd failed password for ${name} from port of ssh daemon`);
    expect(eventCount(of(6))).toBe(1);
    expect(eventCount(of(5))).toBe(5);
  });

  it('needs more variants the fewer words stand around', () => {
    const of = (count: number): string[] => names(count).map((name) => `user ${name} logged in`);
    expect(eventCount(of(36))).toBe(1);
    expect(eventCount(of(35))).toBe(35);
  });

  it('takes in the shape without the word, whose value was masked', () => {
    const keys = names(40).map((name) => `invalid user ${name} from host port`);
    expect(eventCount([...keys, 'invalid user from host port'])).toBe(1);
  });

  it('is never one event of three variants', () => {
    for (const around of ['', 'a', 'a b c d', 'a b c d e f g h i j k l m n']) {
      const keys = ['web1', 'web2', 'web3'].map((name) => `${around} ${name} ${around}`.trim());
      expect(eventCount(keys)).toBe(3);
    }
  });

  it('is one event of four numbered things, with what else stands there from six on', () => {
    const slot = (name: string): string => `card in slot ${name} does not match`;
    const numbered = ['j14', 'j15', 'j16', 'j17'].map(slot);
    expect(eventCount(numbered)).toBe(1);
    expect(eventCount([...numbered, slot('any')])).toBe(2);
    expect(eventCount([...numbered, slot('main'), slot('spare')])).toBe(1);
  });

  it('is one event of hosts that are given as one word', () => {
    const ends = ['net', 'com', 'org.uk'];
    const hosts = names(9).map((name, i) => `${name}.${ends[i % 3]!}`);
    const keys = hosts.map((host) => `ftpd connection from ${host} at`);
    expect(eventCount([...keys, 'ftpd connection from at'])).toBe(1);
  });
});

describe('what says different things', () => {
  it.each([
    [
      'accepted, failed',
      stream('sshd', ['accepted', 'failed'], 'password for', names(60), 'from'),
      2,
    ],
    ['up, down', stream(names(60), 'kernel reports that link is', ['up', 'down']), 2],
    ['not', stream('user', names(60), ['is', 'is not'], 'allowed to open the door'), 2],
    [
      'a lone contrary line',
      [
        ...names(50).map((name) => `user ${name} was found in table`),
        'user bob was not found in table',
      ],
      2,
    ],
    ['levels', stream(levels, 'web server could not read the request of', names(60)), 8],
    ['twenty verbs', stream('order', twentyVerbs, 'by warehouse'), 20],
    [
      'twenty verbs of five things',
      stream(['task', 'job', 'order', 'bill', 'mail'], 'is', twentyVerbs),
      100,
    ],
    [
      'twenty verbs of five things, in long messages',
      stream(
        'the payment for this',
        ['task', 'job', 'order', 'bill', 'mail'],
        'of the customer was',
        twentyVerbs,
        'by the gateway service',
      ),
      100,
    ],
    [
      'states of packages',
      stream('status', ['unpacked', 'installed', 'configured', 'removed'], names(300), 'amd'),
      4,
    ],
  ])('stays apart: %s', (_, keys, count) => {
    expect(eventCount(keys)).toBe(count);
  });

  it('stays apart in prose', () => {
    const random = randomNumbers(3);
    const vocabulary = names(2_000);
    const word = (): string => vocabulary[Math.floor(random() ** 3 * vocabulary.length)]!;
    const keys = Array.from({ length: 2_000 }, () => Array.from({ length: 9 }, word).join(' '));
    expect(eventCount(keys)).toBe(new Set(keys).size);
  });
});

describe('Events', () => {
  const keys = [
    ...names(60).map((name) => `sshd accepted password for ${name} from port`),
    ...names(60).map((name) => `sshd failed password for ${name} from port`),
    'cron job started',
  ];

  it('groups anew when the stream shows more', () => {
    const events = new Events({ shapesMax: 100 });
    const some = names(6).map((name) => `sshd failed password for ${name} from port of ssh daemon`);
    for (const [shape, key] of some.slice(0, 5).entries()) events.add(shape, key);
    expect(groupsOf(some.slice(0, 5), events)).toHaveLength(5);
    events.add(5, some[5]!);
    expect(groupsOf(some, events)).toHaveLength(1);
  });

  it('forgets what is removed: as if it had never been added', () => {
    const events = added(keys);
    const before = keys.map((key) => events.eventOf(key));
    const passing = stream('user', names(90), 'logged', ['in', 'out'], 'from', names(30));
    const shapes = [...new Set(passing)];
    for (const [i, key] of shapes.entries()) events.add(keys.length + i, key);
    expect(keys.map((key) => events.eventOf(key))).toEqual(before);
    for (const [i, key] of shapes.entries()) events.remove(keys.length + i, key);
    expect(keys.map((key) => events.eventOf(key))).toEqual(before);
    for (const [shape, key] of keys.entries()) events.remove(shape, key);
    for (const key of keys.slice(0, 5)) events.add(0, key);
    expect(groupsOf(keys.slice(0, 5), events)).toHaveLength(5);
  });

  it('answers the same for the same sequence, asked or not asked in between', () => {
    const [asked, unasked] = [new Events({ shapesMax: 200 }), new Events({ shapesMax: 200 })];
    for (const [shape, key] of keys.entries()) {
      asked.add(shape, key);
      unasked.add(shape, key);
      asked.eventOf(keys[shape >> 1]!);
    }
    expect(keys.map((key) => asked.eventOf(key))).toEqual(keys.map((key) => unasked.eventOf(key)));
  });

  it('tells which words vary', () => {
    const events = added(keys);
    expect(events.varyingWords(keys[0]!)).toEqual([4]);
    expect(events.varyingWords('cron job started')).toEqual([]);
  });

  it('takes long keys, and those of one word', () => {
    const long = Array.from({ length: 600 }, (_, i) => `word${i}`).join(' ');
    expect(eventCount([long, `${long} more`, 'one', 'two'])).toBe(4);
  });

  it('takes at most 60 bytes a shape, whatever they are', () => {
    const random = randomNumbers(5);
    const vocabulary = names(4_000);
    const word = (): string => vocabulary[Math.floor(random() ** 2 * vocabulary.length)]!;
    const count = 20_000;
    const events = new Events({ shapesMax: count });
    for (let shape = 0; shape < count; shape += 1) {
      events.add(shape, Array.from({ length: 12 }, word).join(' '));
    }
    expect(events.bytes / count).toBeLessThan(60);
  });
});

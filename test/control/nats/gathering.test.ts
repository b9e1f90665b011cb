/** What a fleet's asker and answerer are made of, without a server. */
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AnswerParts } from '../../../src/control/nats/answer-parts.ts';
import { comparable, hostAnswerOf, replyOf } from '../../../src/control/nats/host-reply.ts';
import { NewestFirst } from '../../../src/control/nats/newest-first.ts';
import { Roster } from '../../../src/control/nats/roster.ts';
import { busSettings, isLoopback } from '../../../src/control/nats/settings.ts';
import { connectionName, heardSubjects, memberOf } from '../../../src/control/nats/subjects.ts';

describe('NewestFirst', () => {
  it('works on the newest of what came together, and gives up the oldest', async () => {
    const done: number[] = [];
    const givenUp: number[] = [];
    const queue = new NewestFirst<number>({
      atOnceMax: 2,
      waitingMax: 4,
      work: async (one) => {
        await setTimeout(1);
        done.push(one);
      },
      onGivenUp: (one) => givenUp.push(one),
    });
    for (let i = 1; i <= 6; i += 1) queue.push(i);
    while (done.length < 4) await setTimeout(1);
    expect({ done, givenUp }).toEqual({ done: [6, 5, 4, 3], givenUp: [1, 2] });
    queue.push(7);
    await queue.end();
    expect(givenUp).toEqual([1, 2, 7]);
  });
});

describe('AnswerParts', () => {
  it('puts parts together, and takes what lacks one for none', () => {
    const parts = new AnswerParts();
    expect(parts.push('a', 0, false, Buffer.from('one '))).toBeUndefined();
    expect(parts.push('b', 0, true, Buffer.from('whole'))?.toString()).toBe('whole');
    expect(parts.push('a', 1, true, Buffer.from('two'))?.toString()).toBe('one two');
    expect(parts.push('a', 0, true, Buffer.from('again'))).toBeUndefined();
    expect(parts.push('c', 0, false, Buffer.from('x'))).toBeUndefined();
    expect(parts.push('c', 2, true, Buffer.from('x'))).toBeUndefined();
    expect(parts.push('c', 1, true, Buffer.from('x'))).toBeUndefined();
  });

  it('says once that an answer is too long, and keeps nothing of it', () => {
    const parts = new AnswerParts();
    const mebibyte = Buffer.alloc(2 ** 20);
    const said = Array.from({ length: 100 }, (_, i) => parts.push('a', i, false, mebibyte));
    expect(said.filter((one) => one !== undefined)).toEqual(['too long']);
  });

  it('keeps no more of all answers together than it may', () => {
    const parts = new AnswerParts();
    const mebibyte = Buffer.alloc(2 ** 20);
    let kept = 0;
    for (let id = 0; id < 400; id += 1)
      if (parts.push(`${id}`, 0, false, mebibyte) === undefined) kept += 1;
    expect(kept).toBe(256);
  });
});

describe('Roster', () => {
  const page = (server: string, ids: readonly string[], offset = 0): object => ({
    server: { id: server },
    data: { offset, connections: ids.map((id) => ({ name: `imesde/host-${id}/${id}` })) },
  });

  it('owes an answer to whoever was on a list at first, and knows who has left', () => {
    const roster = new Roster('s1');
    roster.take(page('s1', ['a', 'b']), 0, 10);
    roster.take({ server: { id: 's1' }, data: { connections: [{ name: 'nats-top' }, {}] } }, 0, 20);
    roster.take(page('s2', ['c']), 0, 30);
    expect([...roster.members.keys()]).toEqual(['a', 'b', 'c']);
    expect(roster.changedMs).toBe(30);
    roster.take(page('s1', ['b', 'late']), 1, 40);
    expect([...roster.members.keys()]).toEqual(['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((id) => roster.hasLeft(id))).toEqual([true, false, false]);
    expect(roster.changedMs).toBe(30);
    roster.take(page('s2', ['c', 'a']), 1, 50);
    expect(roster.hasLeft('a')).toBe(false);
  });

  it('asks for the next page where one is full', () => {
    const roster = new Roster('s1');
    const ids = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    expect(roster.take(page('s1', ids), 0, 0)).toBe(1_000);
    expect(roster.take(page('s1', ['last'], 1_000), 0, 0)).toBeUndefined();
    expect(roster.members.size).toBe(1_001);
  });

  it('is alone only where its own server says so', () => {
    const account = (server: object, leafnodes: number): object => ({
      server,
      data: { account_statz: [{ leafnodes }] },
    });
    const isAlone = (told: object): boolean => {
      const roster = new Roster('s1');
      roster.take(page('s1', []), 0, 0);
      roster.takeAccount(told);
      return roster.isAlone;
    };
    expect(isAlone(account({ id: 's1' }, 0))).toBe(true);
    expect(isAlone(account({ id: 's1' }, 1))).toBe(false);
    expect(isAlone(account({ id: 's1', cluster: 'c' }, 0))).toBe(false);
    expect(isAlone(account({ id: 's2' }, 0))).toBe(false);
    expect(isAlone({})).toBe(false);
  });

  it.each([undefined, null, 7, {}, { server: {} }, { server: { id: 's1' }, data: 7 }])(
    'takes nothing from %j',
    (told) => {
      const roster = new Roster('s1');
      expect(roster.take(told, 0, 0)).toBeUndefined();
      roster.takeAccount(told);
      expect(roster.changedMs).toBeUndefined();
    },
  );
});

describe('replies', () => {
  const member = { host: 'web-1', id: '1' };
  const reply = (...lines: unknown[]): ReturnType<typeof replyOf> =>
    replyOf(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')), member);

  it('are read as far as they are answers', () => {
    expect(reply({ done: true })).toMatchObject({ ...member, lines: [] });
    expect(reply({ error: 'busy' })).toBe('busy');
    for (const wrong of [[], [7], [{ text: 'x' }], [null]])
      expect(reply(...wrong)).toBe('it sent what is no answer');
    expect(replyOf(Buffer.from('{"text":'), member)).toBe('it sent what is no answer');
  });

  it('lose what is no match, and what can not be told', () => {
    const good = {
      raw: 0.5,
      line: 3,
      text: 'x',
      time: '2026-01-31T10:00:00Z',
      why: { words: {} },
      when: ['x'],
    };
    const read = reply(
      good,
      { ...good, raw: 'x' },
      { ...good, text: 7 },
      { done: true, bestRaw: 'x', prose: 9 },
    );
    if (typeof read === 'string') throw new Error(read);
    const answer = hostAnswerOf(read);
    expect(answer.matches).toHaveLength(1);
    expect(answer.matches[0]).toMatchObject({ raw: 0.5, why: undefined, when: undefined });
    expect(answer).toMatchObject({ bestRaw: undefined, prose: 1 });
  });

  it('of one scale are kept, the others are named', () => {
    const of = (host: string, model: string): Exclude<ReturnType<typeof replyOf>, string> => ({
      host,
      id: host,
      lines: [],
      done: { model, rank: 'meaning', version: '1' },
    });
    const { same, others } = comparable([of('a', 'm1'), of('b', 'm2'), of('c', 'm2')]);
    expect([same, others].map((each) => each.map(({ host }) => host))).toEqual([['b', 'c'], ['a']]);
    expect(comparable([])).toEqual({ same: [], others: [] });
  });
});

describe('names', () => {
  it('of a group are heard by it and by those above', () => {
    expect(heardSubjects('query', 'eu.web')).toEqual([
      'imesde.v1.query',
      'imesde.v1.query.eu',
      'imesde.v1.query.eu.web',
    ]);
  });

  it('of connections are those of instances, or of nobody', () => {
    const member = { host: 'web-1.example.org', id: 'abc' };
    expect(memberOf(connectionName(member))).toEqual(member);
    for (const name of ['', 'imesde-ask', 'imesde/x', 'imesde/x/y/z', 'other/x/y']) {
      expect(memberOf(name)).toBeUndefined();
    }
  });
});

describe('busSettings', () => {
  it('takes several servers, and a port that is not said', () => {
    const { servers, needsTls } = busSettings('nats://a, tls://b:5222,[::1]', {});
    expect({ servers, needsTls }).toEqual({
      servers: ['a:4222', 'b:5222', '[::1]:4222'],
      needsTls: true,
    });
  });

  it('takes login from a URL, and the environment before it', () => {
    const NATS_URL = 'nats://me:p%40ss@host';
    expect(busSettings(undefined, { NATS_URL })).toMatchObject({
      user: 'me',
      password: 'p@ss',
      servers: ['host:4222'],
    });
    expect(busSettings(undefined, { NATS_URL, NATS_USER: 'you' })).toMatchObject({ user: 'you' });
    expect(busSettings(undefined, { NATS_URL: 'nats://token@host' })).toMatchObject({
      token: 'token',
    });
  });

  it.each([
    ['127.0.0.1', true],
    ['localhost:1', true],
    ['[::1]', true],
    ['10.0.0.1', false],
    ['127.0.0.1,web', false],
  ])('knows whether %s is on this machine', (server, is) => {
    expect(isLoopback(busSettings(server, {}))).toBe(is);
  });
});

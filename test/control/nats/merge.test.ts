import { describe, expect, it } from 'vitest';
import { mergeAnswers, type HostAnswer, type HostMatch } from '../../../src/control/nats/merge.ts';
import { seeded } from '../../scan/vectors.ts';

function match(raw: number, more: Partial<HostMatch> = {}): HostMatch {
  return { query: 'x', raw, score: 0, line: 1, time: 1_000, text: `T is ${raw}`, ...more };
}

function host(
  name: string,
  matches: readonly HostMatch[],
  more: Partial<HostAnswer> = {},
): HostAnswer {
  const bestRaw = matches.length === 0 ? undefined : Math.max(...matches.map(({ raw }) => raw));
  return {
    host: name,
    id: name,
    rank: 'meaning',
    minScore: 0.35,
    bestRaw,
    prose: 0,
    matches,
    ...more,
  };
}

function chance(raw: number, best: number, prose = 0): number {
  const yardstick = best + prose * (0.74 - best);
  return 1 / (1 + Math.exp(-(-5.5 + 8.8 * raw + 3.4 * (raw - yardstick))));
}

describe('mergeAnswers', () => {
  it('gives the greatest T of all, scored by the best of all, in whatever way they were split', () => {
    const random = seeded(3);
    for (let round = 0; round < 200; round += 1) {
      const all = Array.from({ length: Math.floor(random() * 60) }, (_, i) =>
        match(Math.round(random() * 20) / 20, {
          line: i,
          time: Math.floor(random() * 4),
          text: `${i}`,
        }),
      );
      const names = ['a', 'b', 'c', 'd'].slice(0, 1 + Math.floor(random() * 4));
      const k = 1 + Math.floor(random() * 8);
      const lists = new Map(names.map((name): [string, HostMatch[]] => [name, []]));
      for (const one of all) lists.get(names[Math.floor(random() * names.length)]!)!.push(one);
      // Each instance gives the k greatest of its own, newer lines first among equals.
      const answers = [...lists].map(([name, own]) => {
        own.sort(
          (one, other) => other.raw - one.raw || other.time - one.time || other.line - one.line,
        );
        return { ...host(name, own), matches: own.slice(0, k) };
      });
      const merged = mergeAnswers(answers, { top: k });
      const raws = all.map(({ raw }) => raw).sort((one, other) => other - one);
      expect(merged.matches.map(({ raw }) => raw)).toEqual(raws.slice(0, k));
      const best = raws[0] ?? 0;
      expect(merged.matches.map(({ score }) => score)).toEqual(
        raws.slice(0, k).map((raw) => chance(raw, best)),
      );
      for (const one of merged.matches) {
        expect(lists.get(one.host)!.map(({ text }) => text)).toContain(one.text);
      }
      expect(merged.answers).toBe(
        raws.slice(0, k).filter((raw) => chance(raw, best) >= 0.35).length,
      );
    }
  });

  it('never lets an instance leave out what answers by the best of all', () => {
    const random = seeded(5);
    for (let round = 0; round < 1_000; round += 1) {
      const [own, beyond, prose, raw] = [random(), random(), random(), random() * 1.2];
      expect(chance(raw, own, prose)).toBeGreaterThanOrEqual(chance(raw, own + beyond, prose));
    }
  });

  it('measures a line of prose as prose, wherever the best line is', () => {
    const answers = [host('logs', [match(1)]), host('book', [match(0.9)], { prose: 1 })];
    const { matches } = mergeAnswers(answers, { top: 5 });
    expect(matches.map(({ host: name, score }) => [name, score])).toEqual([
      ['logs', chance(1, 1)],
      ['book', chance(0.9, 1, 1)],
    ]);
  });

  it('tells one shape once, with the newest of the lines that have its T, and the hosts', () => {
    const shape = { shape: 'same', count: 3 };
    const answers = [
      host('a', [match(0.9, { ...shape, time: 10, first: 5, last: 10, text: 'older' })]),
      host('b', [match(0.88, { ...shape, time: 20, first: 7, last: 20, text: 'newer' })]),
      // Without the phrase's number in it: newer still, but not what was asked for.
      host('c', [match(0.8, { ...shape, count: 1, time: 30, text: 'other' }), match(0.7)]),
    ];
    const { matches } = mergeAnswers(answers, { top: 5 });
    expect(matches).toHaveLength(2);
    expect(matches[0]).toMatchObject({
      host: 'b',
      hosts: ['a', 'b', 'c'],
      text: 'newer',
      raw: 0.9,
      count: 7,
      first: 5,
      last: 30,
    });
    expect(matches[1]).not.toHaveProperty('hosts');
    const lines = mergeAnswers(answers, { top: 5, all: true }).matches;
    expect(lines.map(({ raw }) => raw)).toEqual([0.9, 0.88, 0.8, 0.7]);
  });

  it('orders equals by time, then by host', () => {
    const answers = [
      host('b', [match(0.5, { time: 2 })]),
      host('c', [match(0.5, { time: 3 })]),
      host('a', [match(0.5, { time: 2 })]),
    ];
    expect(mergeAnswers(answers, { top: 3 }).matches.map((one) => one.host)).toEqual([
      'c',
      'a',
      'b',
    ]);
  });

  it('without a number tells what answers, five at most, and with --all every line of it', () => {
    const raws = [1, 0.99, 0.98, 0.97, 0.96, 0.95, 0.2];
    const answers = [
      host(
        'a',
        raws.map((raw) => match(raw)),
      ),
    ];
    expect(mergeAnswers(answers, {}).matches).toHaveLength(5);
    expect(mergeAnswers(answers, { all: true }).matches).toHaveLength(6);
    expect(mergeAnswers(answers, { top: 7 }).matches).toHaveLength(7);
    expect(mergeAnswers(answers, { top: 7, minScore: 0.35 }).matches).toHaveLength(6);
    expect(mergeAnswers([host('a', [])], {})).toEqual({
      matches: [],
      answers: 0,
      minScore: 0.35,
      best: undefined,
    });
    expect(mergeAnswers([], {})).toMatchObject({ matches: [], answers: 0, best: undefined });
  });

  it('leaves cosines as they are', () => {
    const answers = [
      host('a', [match(0.4)], { rank: 'cosine' }),
      host('b', [match(0.6)], { rank: 'cosine' }),
    ];
    expect(mergeAnswers(answers, { top: 2 }).matches.map(({ score }) => score)).toEqual([0.6, 0.4]);
  });
});

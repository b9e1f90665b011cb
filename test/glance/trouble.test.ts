import { describe, expect, it } from 'vitest';
import { penaltyOf, troubleOfPhrase, troubleOfShape } from '../../src/glance/trouble.ts';

/** What a line costs a phrase for being of another mind about trouble. */
function penalty(phrase: string, line: string, prose = 0): number {
  return penaltyOf(troubleOfPhrase(phrase), troubleOfShape(line), prose);
}

describe('troubleOfShape', () => {
  it.each([
    ['connection lost', 1],
    ['could not connect: permission denied', 1],
    ['LOST', 1],
    ['retry in a moment', 0.5],
    ['skipping', 0.5],
    ['user logged in', 0],
    ['', 0],
    ['12345 ::: 日本', 0],
    ['failover', 1],
    ['unlosted', 0],
  ])('says of %j: %d', (line, trouble) => {
    expect(troubleOfShape(line)).toBe(trouble);
  });

  it.each(['error', 'ERROR', 'critical', 'warn', 'fatal'])(
    'counts %s one half, since it may be no more than a level, and in a phrase in full',
    (level) => {
      expect(troubleOfShape(`${level} all is as it was`)).toBe(0.5);
      expect(troubleOfPhrase(`${level} in the log`).trouble).toBe(
        ['error', 'ERROR', 'fatal'].includes(level) ? 1 : 0.5,
      );
    },
  );

  it('takes the plainest word of a line', () => {
    expect(troubleOfShape('warn retry lost retry warn')).toBe(1);
  });
});

describe('penaltyOf', () => {
  it('is nothing where both speak of trouble, or neither does', () => {
    expect(penalty('connection lost', 'link failed')).toBeCloseTo(0, 12);
    expect(penalty('somebody signed in', 'session opened')).toBeCloseTo(0, 12);
  });

  it('takes .15 where the phrase speaks of trouble and the line does not', () => {
    expect(penalty('connection lost', 'connection established')).toBeCloseTo(0.15, 12);
    expect(penalty('connection lost', 'error connection')).toBeCloseTo(0.075, 12);
    expect(penalty('retry', 'connection')).toBeCloseTo(0.075, 12);
  });

  it('takes .03 where the line speaks of trouble and the phrase does not', () => {
    expect(penalty('connection', 'connection lost')).toBeCloseTo(0.03, 12);
    expect(penalty('connection', 'error connection')).toBeCloseTo(0.015, 12);
  });

  it('takes .2 where the line speaks of trouble and the phrase says that all went well', () => {
    expect(penalty('backup finished', 'backup failed')).toBeCloseTo(0.2, 12);
    expect(penalty('service is healthy', 'error service')).toBeCloseTo(0.1, 12);
  });

  it('takes half as much in prose, where trouble is everywhere, and as much where the two are contrary', () => {
    expect(penalty('connection lost', 'connection established', 1)).toBeCloseTo(0.075, 12);
    expect(penalty('connection', 'connection lost', 1)).toBeCloseTo(0.015, 12);
    expect(penalty('connection lost', 'connection established', 0.5)).toBeCloseTo(0.1125, 12);
    expect(penalty('backup finished', 'backup failed', 1)).toBeCloseTo(0.2, 12);
  });

  it('never gives anything', () => {
    for (const phrase of ['lost', 'retry', 'finished', 'login', 'recovered after a crash']) {
      for (const line of ['lost', 'error', 'retry', 'ok', 'login']) {
        for (const prose of [0, 0.5, 1]) {
          expect(penalty(phrase, line, prose)).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });
});

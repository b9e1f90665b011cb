import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { Antonyms } from '../../src/glance/antonyms.ts';
import { Opposites } from '../../src/glance/opposites.ts';
import { troubleOfPhrase } from '../../src/glance/trouble.ts';

const antonyms = new Antonyms(readFileSync(path.join(embeddedModelFolder, 'antonyms.txt'), 'utf8'));

function contradicted(phrase: string, line: string): string[] {
  const tokens = phrase.split(' ');
  const idle = tokens.map((token) => ['the', 'is', 'was', 'a'].includes(token));
  const opposites = new Opposites(tokens, idle, troubleOfPhrase(phrase).trouble > 0, antonyms);
  if (!opposites.look(line.split(' '))) return [];
  return tokens.filter((_, index) => opposites.contradicted[index] === 1);
}

describe('a line', () => {
  it.each([
    ['prices rise', 'prices fell again', 'rise'],
    ['prices rise', 'the bank lowers its prices', 'rise'],
    ['lights off', 'lights on', 'off'],
    ['safe connection', 'connection is unsafe', 'safe'],
    ['account disabled', 'account enabled by ops', 'disabled'],
    ['harmful content', 'content is harmless', 'harmful'],
    ['login accepted', 'login rejected', 'accepted'],
    ['the node is healthy', 'node reported unhealthy', 'healthy'],
    ['payment confirmed', 'payment was not confirmed', 'confirmed'],
    ['payment not confirmed', 'payment was confirmed', 'confirmed'],
    ['host answers ping', 'host never answers ping', 'answers'],
  ])('contradicts %s by saying %s', (phrase, line, word) => {
    expect(contradicted(phrase, line)).toContain(word);
  });

  it.each([
    ['prices rise', 'prices rising'],
    ['payment rejected', 'payment was not accepted'],
    ['payment not confirmed', 'payment has not been confirmed'],
    ['prices rise', 'prices rise as stocks fall'],
    ['server down', 'server stopped'],
    ['union leader', 'ion thruster of the leader'],
  ])('does not contradict %s by saying %s', (phrase, line) => {
    expect(contradicted(phrase, line)).toEqual([]);
  });

  it('does not contradict one word alone by negating it: that is a topic', () => {
    expect(contradicted('heartbeat', 'no heartbeat received')).toEqual([]);
  });

  it('may speak of the same trouble without negating the same word', () => {
    expect(contradicted('user can not login', 'login of user failed')).toEqual([]);
    expect(contradicted('user can not login', 'login of user done')).toContain('login');
  });

  it('contradicts all wordpieces of a word', () => {
    const opposites = new Opposites(
      ['node', 'un', '##hea', '##lthy'],
      [false, false, false, false],
      true,
      antonyms,
    );
    expect(opposites.look(['node', 'is', 'healthy'])).toBe(true);
    expect([...opposites.contradicted]).toEqual([0, 1, 1, 1]);
  });
});

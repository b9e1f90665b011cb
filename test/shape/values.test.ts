import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';

/**
 * Two lines share a shape only where they differ in values. The oracles here know nothing of the
 * masker: lines are made from templates whose slots are filled with values of a kind, and lines of
 * the sample logs that share a shape are compared token by token.
 */
const masker = new Masker({ exact: false });

function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = (below: number) => number;

const pick = <T>(random: Random, from: ArrayLike<T>): T => from[random(from.length)]!;
const repeat = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => pick(random, alphabet)).join('');
const padded = (value: number): string => String(value).padStart(2, '0');
const hex = '0123456789abcdef';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const podLetters = 'bcdfghjklmnpqrstvwxz2456789';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const clock = (random: Random): string =>
  [random(24), random(60), random(60)].map(padded).join(':');

const kinds: Readonly<Record<string, (random: Random) => string>> = {
  number: (random) => String(random(1_000_000)),
  decimal: (random) => `${random(1000)}.${random(1000)}`,
  percent: (random) => `${random(100)}%`,
  size: (random) => `${random(5000)}${pick(random, ['kB', 'MB', 'GiB'])}`,
  duration: (random) => `${random(5000)} ${pick(random, ['ms', 's', 'ns', 'us'])}`,
  'ISO time': (random) =>
    `20${padded(random(30))}-${padded(1 + random(12))}-${padded(1 + random(28))}T${clock(random)}.${random(1000)}Z`,
  'time of an access log': (random) =>
    `[${padded(1 + random(28))}/${pick(random, months)}/20${padded(random(30))}:${clock(random)} +0000]`,
  'IPv4 address': (random) =>
    `${random(256)}.${random(256)}.${random(256)}.${random(256)}:${random(65_536)}`,
  'IPv6 address': (random) =>
    `2001:db8:${repeat(random, hex, 4)}:${repeat(random, hex, 4)}::${repeat(random, hex, 3)}`,
  MAC: (random) => Array.from({ length: 6 }, () => repeat(random, hex, 2)).join(':'),
  uuid: (random) => [8, 4, 4, 4, 12].map((length) => repeat(random, hex, length)).join('-'),
  hash: (random) => `${repeat(random, hex, 19)}7${repeat(random, hex, 20)}`,
  pointer: (random) => `0x${repeat(random, hex, 12)}`,
  id: (random) => `blk_${random(2 ** 31)}`,
  token: (random) => `${repeat(random, base64, 40)}aB3`,
  'e-mail address': (random) =>
    `${repeat(random, 'abcdefgh', 6)}.${repeat(random, 'klmnop', 5)}@mail.example.com`,
  pod: (random) =>
    `web-${repeat(random, podLetters, 4)}7x${repeat(random, podLetters, 4)}-${repeat(random, podLetters, 3)}4x`,
  'path with an id': (random) => `/orders/${random(1_000_000)}/items`,
};

/** Words and names that digits don't make values. */
const words = (
  'alpha refused started volume gateway EXT4 S3 TLSv1.3 IPv6 2FA log4j MH370 5G H2O k8s x86_64 sha256 ' +
  'disk-full half-open timeout retry queue payment région ошибка 失敗しました CEOs U.S. May US ' +
  'getUserName HTTPServer node-exporter declined accepted utf8 base64 EC2 arm64 v1.2.3'
).split(' ');
const frames = ['@', '(@)', '[@]', '"@"', 'key=@', 'at: @,', '<@>'];

interface Template {
  readonly parts: string[];
  readonly slots: ReadonlyMap<number, (random: Random) => string>;
}

function templateOf(random: Random): Template {
  const parts: string[] = [];
  const slots = new Map<number, (random: Random) => string>();
  const names = Object.keys(kinds);
  for (let i = 0; i < 4 + random(5); i += 1) {
    const isSlot = random(3) === 0;
    if (isSlot) slots.set(parts.length, kinds[pick(random, names)]!);
    parts.push(isSlot ? pick(random, frames) : pick(random, words));
  }
  return { parts: [...parts, 'end'], slots };
}

function fill({ parts, slots }: Template, random: Random): string {
  return parts
    .map((part, i) => {
      const kind = slots.get(i);
      return kind === undefined ? part : part.replace('@', () => kind(random));
    })
    .join(' ');
}

describe('two lines share a shape', () => {
  it.each(Object.keys(kinds))('where they differ in a value: %s', (name) => {
    const random = randomSource(7);
    const kind = kinds[name]!;
    for (const frame of frames) {
      const keys = new Set<string | undefined>();
      for (let i = 0; i < 200; i += 1) {
        keys.add(masker.key(`worker said ${frame.replace('@', () => kind(random))} and stopped`));
      }
      expect([...keys]).toHaveLength(1);
    }
  });

  it('where they differ in any of several values', () => {
    const random = randomSource(11);
    for (let round = 0; round < 1_000; round += 1) {
      const template = templateOf(random);
      const lines = Array.from({ length: 4 }, () => fill(template, random));
      const keys = new Set(lines.map((line) => masker.key(line)));
      expect([...keys], lines.join('\n')).toHaveLength(1);
    }
  });

  it('but not where a word is another one', () => {
    const random = randomSource(13);
    for (let round = 0; round < 2_000; round += 1) {
      const template = templateOf(random);
      const line = fill(template, random);
      const at = random(template.parts.length);
      if (template.slots.has(at)) continue;
      const changed = [...template.parts];
      changed[at] = pick(random, words);
      if (changed[at] === template.parts[at]) continue;
      const around = [template.parts[at - 1], template.parts[at + 1]];
      // What is said twice in a row is said once.
      if (around.includes(changed[at]) || around.includes(template.parts[at])) continue;
      const other = fill({ parts: changed, slots: template.slots }, random);
      expect(masker.key(other), `${line}\n${other}`).not.toBe(masker.key(line));
    }
  });

  it.each([
    ['node-3-disk-full', 'node-3-rebooted'],
    ['Unemployment hits a 50-year-low', 'Unemployment hits a 50-year-high'],
    ['UPDATE 2-Acme posts loss', 'UPDATE 2-Globex posts loss'],
    ['注文12345が失敗しました', '注文12345が完了しました'],
    ['주문 77건 실패', '주문 77건 완료'],
    ['order12345 failed', 'invoice12345 failed'],
    ['TLSv1.2 refused', 'TLSv1.3 refused'],
    ['mounted as ext3', 'mounted as ext4'],
    ['3 UK banks fail', '3 US banks fail'],
    ['user growth slows', 'user churn slows'],
    ['GET /a 404 12 ms', 'GET /a 503 12 ms'],
    ['exit code 1', 'exit code 137'],
    ['{"billing":{"state":"down"}}', '{"shipping":{"state":"down"}}'],
    ['{"payment":"declined"}', '{"login":"declined"}'],
    ['{"msg":"gone","peer":"db"}', '{"msg":"gone","peer":"cache"}'],
  ])('but not %s and %s', (one, other) => {
    expect(masker.key(one)).not.toBe(masker.key(other));
  });
});

describe('lines of the sample logs that share a shape', () => {
  const folder = new URL('../fixtures/logs/', import.meta.url);
  const files = readdirSync(folder).filter((name) => !name.endsWith('.md'));
  const separators = /[\s"',;=()[\]{}|<>]+/;

  /** Plainly a value, whatever the masker thinks of it. */
  function isValue(token: string, before: string | undefined): boolean {
    if (/\d/.test(token) || /^[0-9a-f:.-]{8,}$/i.test(token)) return true;
    if (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/.test(token) || months.includes(token)) return true;
    return before === 'user' || /^[\w.+-]+@[\w-]+\.\w+/.test(token) || !/\p{L}/u.test(token);
  }

  it.each(files)('differ in values alone: %s', (file) => {
    const lines = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n');
    const firstOf = new Map<string | undefined, string>();
    const strange: string[] = [];
    for (const line of lines) {
      const key = masker.key(line);
      const other = firstOf.get(key);
      firstOf.set(key, other ?? line);
      if (other === undefined) continue;
      const [ours, theirs] = [line.split(separators), other.split(separators)];
      if (ours.length !== theirs.length) continue;
      for (const [i, token] of ours.entries()) {
        if (token === theirs[i]) continue;
        if (!isValue(token, ours[i - 1]) || !isValue(theirs[i]!, theirs[i - 1])) {
          strange.push(`${token} | ${theirs[i]!}: ${line}`);
        }
      }
    }
    expect(strange).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';

const masker = new Masker({ exact: false });

describe('the key of a line', () => {
  it.each([
    [
      'drops timestamps, levels stay',
      '2024-03-04 05:06:07 UTC [4321] ERROR:  deadlock detected',
      'error deadlock detected',
    ],
    [
      'drops a date of names and numbers',
      'Mar  4 05:06:07 web-3 systemd[1]: nginx.service: Main process exited',
      'nginx service main process exited web systemd',
    ],
    [
      'keeps May and sun where no date is',
      'May the job be set by sun tomorrow',
      'may the job be set by sun tomorrow',
    ],
    [
      'keeps status and exit codes, signals and errno',
      'worker exited on signal 9 (exit code 137), status=1/FAILURE errno 28',
      'worker exited on signal 9 exit code 137 status 1 failure errno 28',
    ],
    [
      'keeps the HTTP status of an access log, and says what it means',
      '192.0.2.3 - - [10/Oct/2023:13:55:36 +0000] "GET /api/v2/users/42/orders HTTP/1.1" 503 1234 "-"',
      'get users orders http 503 service unavailable server error',
    ],
    ['drops units after numbers', 'took 523 ms to read 12 KB at 3:04 PM', 'took to read at'],
    [
      'drops MAC, IPv6 and uuid',
      'eth0: link down, MAC ab:cd:ef:12:34:56 addr fe80::a00:27ff:fe4e:66a1 id 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      'eth0 link down mac addr id',
    ],
    [
      'drops tokens and hashes whole',
      'token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U expired',
      'token expired',
    ],
    [
      'splits camelCase and keeps the last two parts of dotted names',
      'com.acme.billing.HTTPServerPool refused',
      'billing http server pool refused',
    ],
    [
      'drops numbers and ids, keeps the words they are joined to',
      'blk_1073741825 lost on api-gateway-7fb96c846b-xz2kq',
      'blk lost on api gateway',
    ],
    [
      'keeps the last two parts of a name behind a version',
      'at com.acme.app.v2.Main.run(Main.java:42)',
      'at main run main java',
    ],
    [
      'keeps the last two parts of a path',
      'open("/var/lib/docker/volumes"): denied',
      'open docker volumes denied',
    ],
    [
      'reads JSON lines by their values, without the keys that every line has',
      '{"time":"2024-03-04T05:06:07.123Z","level":"error","msg":"upstream timed out","status":504,"latency_ms":523}',
      'upstream timed out status 504 gateway timeout server error latency ms',
    ],
    [
      'reads the message first, and its envelope not at all',
      '{"stream":"stderr","kubernetes":{"namespace":"production","pod":"api-gateway-7fb9-x2","container":"gateway","labels":{"app":"gateway","tier":"backend","team":"edge"}},"level":"error","msg":"could not reach the ledger","attempt":3}',
      'could not reach the ledger error attempt gateway',
    ],
    [
      'reads logfmt alike',
      'ts=2024-03-04T05:06:07Z level=warn msg="disk usage high" used=91% mount=/var/lib/docker host=node-17',
      'disk usage high warn used mount lib docker node',
    ],
    [
      'takes JSON escapes as white space',
      '{"message":"charge failed: card declined\\nretrying"}',
      'charge failed card declined retrying',
    ],
    [
      'takes terminal colours as white space',
      '\u001b[31mERROR\u001b[0m could not connect to redis://cache-01.prod:6379/0',
      'error could not connect to redis cache prod',
    ],
    [
      'drops the name of a user, unless it is root',
      'password failed for user "alice" then for user root',
      'password failed for user then for user root',
    ],
    ['keeps what a user did', 'user created, user logged out', 'user created user logged out'],
    ['writes negations out', "it can't start, didn't retry", 'it can not start did not retry'],
    [
      'says once what is said twice in a row',
      'retry retry retry connect to connect to db',
      'retry connect to db',
    ],
    ['keeps other scripts', '磁盘空间不足 /dev/sda1 98%', '磁盘空间不足 dev sda1'],
    ['has a word for lines of nothing but numbers', '12 34.5 0x1f', 'number'],
    ['and for lines of nothing but marks', '-----', 'number'],
  ])('%s', (_, line, key) => {
    expect(masker.key(line)).toBe(key);
  });

  it('is undefined for white space alone', () => {
    expect(masker.key('')).toBeUndefined();
    expect(masker.key(' \t\u00a0 ')).toBeUndefined();
    expect(masker.key('\u001b[0m')).toBeUndefined();
  });

  it('is the same whatever the numbers, ids and addresses are', () => {
    const line = (n: number): string =>
      `2024-03-0${n} 0${n}:12:4${n} ERROR [pool-${n}] db-${n}.internal:543${n} refused 0x${n}f req=${n}a${n}b after ${n}00 ms`;
    expect(new Set([1, 2, 3, 4, 5].map((n) => masker.key(line(n)))).size).toBe(1);
  });

  it('forgets the line before', () => {
    masker.key('user=');
    const alone = new Masker({ exact: false }).key('alice logged in');
    expect(masker.key('alice logged in')).toBe(alone);
  });

  it('stops at 48 words', () => {
    const words = Array.from(
      { length: 300 },
      (_, i) => `${'abcdefghij'[i % 10] ?? ''}${'klmnopqrst'[Math.floor(i / 10) % 10] ?? ''}x`,
    );
    expect(masker.key(words.join(' '))?.split(' ')).toHaveLength(48);
  });

  it.each([
    ['a word of a megabyte', 'a'.repeat(2 ** 20)],
    ['a megabyte of digits', '1'.repeat(2 ** 20)],
    ['capitals without end', 'aB'.repeat(2 ** 16)],
    ['lone surrogates', '\ud800\udc00\ud800 \udfff'],
    ['NUL and control characters', 'a\u0000b\u0007 c'],
    ['an escape without its end', 'x \u001b['],
    ['JSON that ends in a backslash', '{"msg":"a\\'],
    ['JSON that ends in half an escape', '{"msg":"a\\u00'],
    ['nothing but joints', '._-+._-+'],
    ['ten thousand parts', 'a.'.repeat(10_000)],
  ])('survives %s', (_, line) => {
    const key = masker.key(line);
    expect(typeof key).toBe('string');
    expect(key?.length).toBeLessThan(20_000);
  });

  it('survives random characters, and its words hold no marks and no capitals', () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const alphabet = 'abzABZ019 ._-+/\\:="\'{}[](),;@#\t\u001b\u00e9\u4e2d';
    for (let round = 0; round < 5_000; round += 1) {
      let line = '';
      const length = random(80);
      for (let i = 0; i < length; i += 1) line += alphabet.charAt(random(alphabet.length));
      const key = masker.key(line);
      expect(masker.key(line)).toBe(key);
      if (key !== undefined)
        expect(key).toMatch(/^[a-z0-9\u00e9\u4e2d]+( [a-z0-9\u00e9\u4e2d]+)*$/);
    }
  });
});

describe('with exact', () => {
  const exact = new Masker({ exact: true });

  it('is the line itself', () => {
    expect(exact.key('ERROR 503 at 10:00')).toBe('ERROR 503 at 10:00');
  });

  it('is undefined for white space alone', () => {
    expect(exact.key('  ')).toBeUndefined();
  });

  it('gives the model the start of a long line', () => {
    expect(exact.modelText('x'.repeat(10_000)).length).toBeLessThan(10_000);
  });
});

import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';

const masker = new Masker({ exact: false });
const keyOf = (line: string): string | undefined => masker.key(line);

describe('the name of a host', () => {
  it.each([
    'web-3.prod.example.com',
    'h64-187-1-131.dialup.example.net',
    'a.b.example.co.uk',
    'biblioteka.wsi.edu.pl',
    'NODE-39.east.corp.example.com',
    'db1.cluster.local',
  ])('is an address like any other: %s', (host) => {
    expect(keyOf(`connection from ${host} refused`)).toBe(
      keyOf('connection from 10.0.0.1 refused'),
    );
    expect(keyOf(`no answer (${host}): timed out.`)).toBe(
      keyOf('no answer (10.0.0.1): timed out.'),
    );
  });

  it('may have two labels where its field says what it is', () => {
    expect(keyOf('login refused rhost=zummit.com user=root')).toBe(
      keyOf('login refused rhost=10.0.0.1 user=root'),
    );
  });

  it.each([
    ['Amazon.com cuts prices', 'amazon com cuts prices'],
    ['cannot load main.test.ts', 'cannot load test ts'],
    ['org.apache.commons.net.Client failed', 'net client failed'],
    ['com.example.shop.net failed', 'shop net failed'],
    ['libfoo.so.x is missing', 'so x is missing'],
    ['it stopped. we restarted it', 'it stopped we restarted it'],
  ])('is not seen in %j', (line, key) => {
    expect(keyOf(line)).toBe(key);
  });
});

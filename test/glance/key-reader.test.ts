import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { TextEncoder } from '../../src/embed/tokenizer.ts';
import { KeyReader } from '../../src/glance/key-reader.ts';
import { troubleOfShape } from '../../src/glance/trouble.ts';
import { Masker } from '../../src/shape/masker.ts';
import { allLogs } from '../helpers/sample-logs.ts';

/** A reader whose wordpieces are the characters of words, and what it asked for. */
function characterReader() {
  const asked: string[] = [];
  const reader = new KeyReader((word) => {
    asked.push(word);
    return Array.from(word, (character) => character.charCodeAt(0));
  });
  return { reader, asked };
}

function piecesOf(reader: KeyReader): string {
  return String.fromCharCode(...reader.pieces.subarray(0, reader.count));
}

describe('KeyReader', () => {
  it('gives the wordpieces of words in their order', () => {
    const { reader, asked } = characterReader();
    reader.read('disk full now');
    expect(piecesOf(reader)).toBe('diskfullnow');
    expect(asked).toEqual(['disk', 'full', 'now']);
  });

  it.each([' a  b ', '\ta\nb\r', '\r\na b', 'a\t\t\tb'])(
    'parts words at white space: %j',
    (text) => {
      const { reader, asked } = characterReader();
      reader.read(text);
      expect(asked).toEqual(['a', 'b']);
    },
  );

  it('asks for a word once, long ones but each time', () => {
    const { reader, asked } = characterReader();
    const long = 'x'.repeat(65);
    for (let i = 0; i < 3; i += 1) reader.read(`one two ${long} one`);
    expect(asked).toEqual(['one', 'two', long, long, long]);
  });

  it('keeps the first 32 pieces, and the trouble of all words', () => {
    const { reader } = characterReader();
    reader.read(`${'a'.repeat(30)} bcde lost`);
    expect(piecesOf(reader)).toBe(`${'a'.repeat(30)}bc`);
    expect(reader.count).toBe(32);
    expect(reader.trouble).toBe(1);
  });

  it('starts anew with each key', () => {
    const { reader } = characterReader();
    reader.read('connection lost');
    reader.read('ok');
    expect([piecesOf(reader), reader.trouble]).toEqual(['ok', 0]);
    reader.read('');
    expect([reader.count, reader.trouble]).toEqual([0, 0]);
  });

  it('knows the same after its cache of words has overflown', () => {
    const { reader, asked } = characterReader();
    reader.read('lost');
    for (let i = 0; i < 70_000; i += 1) reader.read(`w${i}`);
    asked.length = 0;
    reader.read('lost');
    expect(asked).toEqual(['lost']);
    expect([piecesOf(reader), reader.trouble]).toEqual(['lost', 1]);
  });

  it.each([false, true])(
    'reads what the model would of every line of the sample logs, with exact keys: %s',
    async (exact) => {
      const json = readFileSync(path.join(embeddedModelFolder, 'tokenizer.json'));
      const encoder = await TextEncoder.create(json, '{}', 1_000_000);
      const reader = new KeyReader((word) => encoder.wordIds(word));
      const masker = new Masker({ exact });
      let read = 0;
      const brackets = '[SEP] a[MASK]b [[CLS] ] \n';
      for (const line of `${brackets}${allLogs()}`.split('\n')) {
        const key = masker.key(line);
        if (key === undefined) continue;
        reader.read(key);
        const ids = encoder.encode(key).slice(1, -1);
        expect([...reader.pieces.subarray(0, reader.count)]).toEqual(ids.slice(0, 32));
        expect(reader.trouble).toBe(troubleOfShape(key));
        read += 1;
      }
      expect(read).toBe(1_410);
    },
  );
});

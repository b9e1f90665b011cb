import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { loadModel } from '../../src/embed/model.ts';
import { Newness } from '../../src/news/newness.ts';
import { SeenFile } from '../../src/news/seen-file.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';

const model = await loadModel(embeddedModelFolder);
const encoder = await model.createEncoder();
const wordIds = (word: string): ArrayLike<number> => encoder.wordIds(word);
const pieceOf = (id: number): string => encoder.token(id);

function newness(): Newness {
  if (model.words === undefined) throw new Error('the embedded model has a word table');
  return new Newness({ table: model.words, wordIds });
}

function seenFile(name = path.join(temporaryFolder(), 'seen'), of = 'a'): SeenFile {
  return new SeenFile(name, { wordIds, pieceOf, model: of });
}

describe('what was seen, in a file', () => {
  it('is known again, and what varies it too', async () => {
    const file = seenFile();
    const before = newness();
    const keys = [
      'disk sda is full',
      'größe überschritten 注文 エラー',
      'kubelet evicted pod',
      'x'.repeat(300),
    ];
    for (const key of keys) before.take(key);
    const frame = 'request of tenant was answered by the backend in time';
    const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'];
    for (const name of names) before.take(frame.replace('tenant', name));
    await file.save(before);
    const after = newness();
    expect(await file.restore(after)).toBe(keys.length + names.length);
    for (const key of keys) expect(after.take(key)).toBeUndefined();
    // Which word varies is known as well.
    expect(after.take(frame.replace('tenant', 'zoe'))).toMatchObject({ isNew: false });
    expect(after.take('nothing of that kind was there')).toMatchObject({ isNew: true });
  });

  it('is known again after several runs, though wordpieces do not tell all letters', async () => {
    const file = seenFile();
    const before = newness();
    before.take('größe 注文 エラー');
    await file.save(before);
    for (let run = 0; run < 3; run += 1) {
      const after = newness();
      await file.restore(after);
      expect(after.take('größe 注文 エラー')).toBeUndefined();
      await file.save(after);
    }
  });

  it('is its owner’s alone', async () => {
    const name = path.join(temporaryFolder(), 'seen');
    await seenFile(name).save(newness());
    expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('is nothing where there is no file yet', async () => {
    expect(await seenFile().restore(newness())).toBe(0);
  });

  it.each([
    ['', /is nothing that this imesde wrote, or is damaged: remove it to begin anew/],
    ['{"version":2,"model":"a","shapes":[]}', /damaged/],
    ['{"version":1,"model":"a","shapes":[["x"]]}', /damaged/],
    ['{"version":1,"model":"a","shapes":[["x","AAAA"]', /damaged/],
    ['null', /damaged/],
    ['{"version":1,"model":"b","shapes":[]}', /was seen with another model: remove it/],
  ])('is refused where it is %s', async (content, message) => {
    const name = path.join(temporaryFolder(), 'seen');
    writeFileSync(name, content);
    await expect(seenFile(name).restore(newness())).rejects.toThrow(message);
  });
});

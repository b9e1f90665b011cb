import { once } from 'node:events';
import { Readable, Transform, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watch, type WatchStreamOptions } from '../../dist/index.js';
import { runShell } from '../helpers/run-imesde.ts';

const trouble = 'ERROR could not reach primary database after 4 attempts';
const others = ['GET /index.html 200', 'user logged in from 192.0.2.7'];

/** What comes out for lines that go in, in chunks that are cut anywhere. */
async function passed(
  phrase: string | readonly string[],
  input: string | Buffer,
  options: WatchStreamOptions = {},
): Promise<string> {
  const bytes = Buffer.from(input);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  const stream = watch(phrase, { workers: 1, ...options });
  const [out] = await Promise.all([text(stream), pipeline(Readable.from(chunks), stream)]);
  return out;
}

function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('watch', { timeout: 60_000 }, () => {
  it('is a Transform that passes on the lines that answer, in their order', async () => {
    const lines = [...others, trouble, ...others, `${trouble}: naïve 🙂`];
    expect(await passed('database unreachable', `${lines.join('\n')}\n`)).toBe(
      `${trouble}\n${trouble}: naïve 🙂\n`,
    );
    const stream = watch('database unreachable');
    expect(stream).toBeInstanceOf(Transform);
    stream.destroy();
  });

  it('ends the last line, and passes on a record of several as it is', async () => {
    const record = `${trouble}\n    at connect (pool.js:12:3)`;
    expect(await passed('database unreachable', `${others[0]!}\n${record}`)).toBe(`${record}\n`);
    const physical = { lines: 'physical' } as const;
    expect(await passed('database unreachable', record, physical)).toBe(`${trouble}\n`);
  });

  it('tells once a line that answers several phrases', async () => {
    const phrases = ['database unreachable', 'connection to the database failed'];
    expect(await passed(phrases, `${trouble}\n`)).toBe(`${trouble}\n`);
  });

  it('passes a line on as it comes, while the input is open', async () => {
    const stream = watch('database unreachable', { workers: 1 });
    stream.write(`${others[0]!}\n${trouble}\nGET`);
    const [value] = (await once(stream, 'data')) as [Buffer];
    expect(value.toString()).toBe(`${trouble}\n`);
    expect(stream.writableEnded).toBe(false);
    stream.destroy();
  });

  it('holds its writer back where nobody reads, and loses nothing', async () => {
    const stream = watch('database unreachable', { workers: 1, minScore: 0 });
    const line = (i: number): string => `${trouble} ${i} ms ${'x'.repeat(200)}\n`;
    const count = 20_000;
    stream.write(line(0));
    await once(stream, 'readable'); // Read by the model: no line has to wait for that.
    let taken = 1;
    const source = Readable.from(
      (function* () {
        for (; taken < count; taken += 1) yield Buffer.from(line(taken));
      })(),
    );
    const done = pipeline(source, stream);
    let before = -1;
    while (taken !== before) {
      before = taken;
      await setTimeout(1_500);
    }
    expect(taken).toBeLessThan(count / 2);
    const read = (await text(stream)).split('\n');
    await done;
    expect(taken).toBe(count);
    expect(read).toHaveLength(count + 1);
    expect(read[count - 1]).toBe(line(count - 1).trimEnd());
  });

  it('fails with what is wrong: usage, input, a target that fails', async () => {
    expect(await errorOf(passed('', 'x'))).toMatchObject({ code: 'ERR_IMESDE_USAGE' });
    expect(await errorOf(passed('x', 'x', { window: 0 }))).toMatchObject({
      code: 'ERR_IMESDE_USAGE',
    });
    const zip = Buffer.from('504b030414000000', 'hex');
    expect(await errorOf(passed('x', zip))).toMatchObject({ code: 'ERR_IMESDE_INPUT' });
    const full = new Writable({
      write: (_chunk, _encoding, callback) => {
        callback(new Error('no room'));
      },
    });
    const source = Readable.from([Buffer.from(`${trouble}\n`)]);
    const stream = watch('database unreachable', { workers: 1 });
    expect(await errorOf(pipeline(source, stream, full))).toMatchObject({ message: 'no room' });
    expect(stream.destroyed).toBe(true);
  });

  it.each([0, 1_500])('ends with the reason of its signal, after %s ms', async (ms) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = watch('database unreachable', { workers: 1, signal: controller.signal });
    const failing = errorOf(text(stream));
    stream.write(`${others.join('\n')}\n`);
    if (ms > 0) await setTimeout(ms);
    controller.abort(reason);
    expect(await failing).toBe(reason);
  });

  it('lets the process end: at the end of input, and once its reader has left', async () => {
    const url = new URL('../../dist/index.js', import.meta.url).href;
    const script = `
      import { pipeline } from 'node:stream/promises';
      import { watch } from '${url}';
      await pipeline(process.stdin, watch('database unreachable'), process.stdout)
        .catch((error) => { if (error.code !== 'EPIPE') throw error; });`;
    const command = '"$NODE" --input-type=module -e "$SCRIPT"';
    const env = { SCRIPT: script, LINES_READ: [...others, trouble].join('\n') };
    const feed = `printf '%s\\n' "$LINES_READ"`;
    expect(await runShell(`${feed} | ${command}`, { env })).toMatchObject({
      exitCode: 0,
      stdout: `${trouble}\n`,
      stderr: '',
    });
    const forever = `while ${feed} && sleep 0.05; do :; done 2> /dev/null`;
    expect(await runShell(`{ ${forever}; } | ${command} | head -1`, { env })).toMatchObject({
      exitCode: 0,
      stdout: `${trouble}\n`,
      stderr: '',
    });
  });
});

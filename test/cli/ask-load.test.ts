/** Asking while lines arrive: at full speed, and for long, the way cron does. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { shopLog, startInstance, TestAsker } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { oracleGap, runImesde, runShell } from '../helpers/run-imesde.ts';

it('answers while a stream comes in at full speed, from what was committed by then', async () => {
  const instance = startInstance(['--window', '5000', '--stats']);
  const { child, result } = instance.running;
  const stopped = new AbortController();
  const feeding = feed(child.stdin, stopped.signal);
  const asker = new TestAsker(instance.fifo);
  let firstLine = 0;
  let lastLine = 0;
  for (let i = 0; i < 20; i += 1) {
    const [best, done] = await asker.ask({ op: 'query', phrase: 'no space left', top: 1, id: i });
    expect(String(best?.['text'])).toContain('no space left on device');
    // Not always greater: an answer does not wait for the next line.
    expect(Number(done?.['line'])).toBeGreaterThanOrEqual(lastLine);
    expect(Number(best?.['line'])).toBeGreaterThan(Number(done?.['line']) - 5_000);
    lastLine = Number(done?.['line']);
    firstLine ||= lastLine;
  }
  expect(lastLine).toBeGreaterThan(firstLine);
  const asks = ['no space left', 'payment refused', 'lost the database'].map((phrase) =>
    runImesde(['ask', phrase, '-k', '1', '--fifo', instance.fifo]),
  );
  for (const { exitCode, stdout } of await Promise.all(asks)) {
    expect({ exitCode, lines: stdout.split('\n').length }).toEqual({ exitCode: 0, lines: 2 });
  }
  stopped.abort();
  await feeding;
  child.stdin.end();
  asker.close();
  const { exitCode, stderr } = await result;
  expect({ exitCode, gap: oracleGap(stderr) }).toEqual({ exitCode: 0, gap: 0 });
});

/** As fast as it is read. */
async function feed(stdin: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (stdin.write(shopLog)) await setTimeout(0);
    else await new Promise((resolve) => stdin.once('drain', resolve));
  }
}

it('answers a script that asks each second while the log rotates', async () => {
  const folder = temporaryFolder();
  const seconds = process.env['IMESDE_STRESS'] === '1' ? 60 : 5;
  // As cron runs it: no terminal, no HOME, no XDG_RUNTIME_DIR, nothing but the paths it is given.
  const { stdout, stderr } = await runShell(
    `cd ${folder}; mkfifo stream; touch app.log
     tail -n +1 -F app.log > stream 2> /dev/null & tail=$!
     "$NODE" "$IMESDE" --fifo ctl -w "no space left" -s 0.2 < stream > watched & imesde=$!
     for second in $(seq ${seconds}); do
       for i in 1 2 3 4 5; do
         echo "ERROR [images] cannot store upload $second.$i: no space left on device" >> app.log
         sleep 0.15
       done
       env -i "$NODE" "$IMESDE" ask "no space left" -k 1 --fifo ctl --timeout 60s || echo "code $?"
       [ $((second % 2)) = 0 ] && mv app.log app.log.1
       sleep 0.2
     done
     kill $imesde; wait $imesde; echo "ended $?"; kill $tail 2> /dev/null`, // tail may have noticed already
  );
  expect(stderr).toBe('');
  const uploads = (text: string): string[] =>
    [...text.matchAll(/upload (\d+\.\d)/g)].map(([, upload = '']) => upload);
  const logged = Array.from({ length: seconds }, (_, second) =>
    [1, 2, 3, 4, 5].map((i) => `${second + 1}.${i}`),
  );
  expect(uploads(readFileSync(path.join(folder, 'watched'), 'utf8'))).toEqual(logged.flat());
  expect(stdout).not.toContain('code');
  expect(stdout).toMatch(/ended 143\n$/);
  const answers = uploads(stdout);
  expect(answers).toHaveLength(seconds);
  // Each answer is the newest line of the shape by then: of the same second, or on its way still.
  for (const [index, answer] of answers.entries()) {
    expect(Number(answer.split('.')[0])).toBeGreaterThanOrEqual(index);
  }
  expect(readdirSync(folder)).not.toContain('ctl');
}, 300_000);

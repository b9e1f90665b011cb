/** README's examples: a test runs each as it stands there, with its address made that of a server of ours. */
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde } from '../helpers/run-imesde.ts';
import { linesOfLog, readLog } from '../helpers/sample-logs.ts';
import { installed, readExample, serve, startExample } from './example.ts';
import { edits, headlines, recentChanges, rssFeed } from './streams.ts';

describe('the README shows examples that run', () => {
  it.skipIf(!installed('curl'))('a market radar tells each headline once', async () => {
    const { script, output } = readExample('market-radar');
    const latest = 'Opec meets to cut crude oil supply';
    let fetched = 0;
    const url = await serve((_, response) => {
      fetched += 1;
      response.setHeader('Content-Type', 'application/rss+xml; charset=utf-8');
      response.end(rssFeed(fetched < 3 ? headlines : [latest, ...headlines]));
    });
    const ours = replaced(script, 'https://news.example.com/markets.rss', `${url}/markets.rss`);
    const radar = startExample(replaced(ours, 'sleep 300', 'sleep 0.5'), temporaryFolder());
    await radar.until(({ stdout }) => stdout.includes(latest));
    const seen = fetched;
    while (fetched < seen + 2) await setTimeout(50);
    expect(radar.stdout).toBe(`${output}oil: ${latest}\n`);
    expect(radar.stderr).toBe('');
  });

  it.skipIf(!installed('curl', 'jq'))('Wikipedia’s edits are told as they come', async () => {
    const { script, output } = readExample('recent-changes');
    const told = output.split('\n');
    const stream = Buffer.from(recentChanges(edits));
    // Neither at the end of an event nor of a line: what comes is cut anywhere.
    const cut = stream.indexOf(edits[3]!.title) + 3;
    let sendRest = (): void => undefined;
    const url = await serve((_, response) => {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      response.write(stream.subarray(0, cut));
      sendRest = () => void response.write(stream.subarray(cut));
    });
    const address = 'https://stream.wikimedia.org/v2/stream/recentchange';
    const edited = startExample(replaced(script, address, url), temporaryFolder());
    await edited.until(({ stdout }) => stdout.includes('\n'));
    expect(edited.stdout).toBe(`${told[0]!}\n`);
    sendRest();
    await edited.until(({ stdout }) => stdout.split('\n').length === told.length);
    expect(edited.stdout).toBe(output);
    expect(edited.stderr).toBe('');
  });

  it('anomalies of a log are what yesterday’s had not', async () => {
    const { script, output } = readExample('log-anomalies');
    const folder = temporaryFolder();
    const lines = linesOfLog('shop.log');
    const today = lines.findIndex((line) => line.startsWith('2024-11-19T11:04:42'));
    writeFileSync(path.join(folder, 'app.log.1'), `${lines.slice(0, today).join('\n')}\n`);
    writeFileSync(path.join(folder, 'app.log'), `${lines.slice(today).join('\n')}\n`);
    const { exitCode, stdout, stderr } = await startExample(script, folder).result;
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: output, stderr: '' });
  });

  it.skipIf(!installed('curl', 'jq'))('a language model is sent the newest lines', async () => {
    const { script, output } = readExample('language-model');
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'app.log'), readLog('shop.log'));
    const requests: { method?: string | undefined; type?: string | undefined; model: string }[] =
      [];
    const url = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        const { model, messages } = JSON.parse(body) as ChatRequest;
        requests.push({ method: request.method, type: request.headers['content-type'], model });
        expect(messages.map(({ role }) => role)).toEqual(['user']);
        const message = { role: 'assistant', content: messages[0]!.content };
        response.setHeader('Content-Type', 'application/json');
        response.end(
          JSON.stringify({
            ...{ id: 'chatcmpl-471', object: 'chat.completion', created: 1_772_536_525, model },
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage: { prompt_tokens: 210, completion_tokens: 210, total_tokens: 420 },
          }),
        );
      });
    });
    const [start = '', ...rest] = script.split('\n');
    // As a reader would: what was started first has read the log when it is asked.
    startExample(`${start}\nwait`, folder);
    const fifo = path.join(folder, 'app.ctl');
    const read = async (): Promise<string> =>
      (await runImesde(['status', '--fifo', fifo, '--json'])).stdout;
    while (!(await read()).includes('"read":309')) await setTimeout(100);

    const address = 'http://localhost:11434/v1/chat/completions';
    const asked = replaced(rest.join('\n'), address, `${url}/v1/chat/completions`);
    const { exitCode, stdout, stderr } = await startExample(asked, folder).result;
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: output, stderr: '' });
    expect(requests).toEqual([{ method: 'POST', type: 'application/json', model: 'llama3.2' }]);
  });
});

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What stands in an example exactly once, made something of this machine. */
function replaced(script: string, theirs: string, ours: string): string {
  expect(script.split(theirs)).toHaveLength(2);
  return script.replace(theirs, ours);
}

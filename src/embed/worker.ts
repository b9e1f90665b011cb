/** Entry of an embedding worker: loads the model, then answers one request after the other. */
import assert from 'node:assert';
import { parentPort } from 'node:worker_threads';
import { TokenStore } from '../ring/token-store.ts';
import { VectorRing } from '../ring/vector-ring.ts';
import { ImesdeError } from '../shared/errors.ts';
import { Embedder } from './embedder.ts';
import type { LoadMessage, RequestMessage, ResponseMessage, ShapesMessage } from './messages.ts';

assert(parentPort !== null, 'worker.ts runs in a worker thread');
const port = parentPort;

let embedder: Embedder;
let ring: VectorRing;
let tokens: TokenStore | undefined;

async function embedShapes(message: ShapesMessage): Promise<ResponseMessage> {
  const { rows, ids, prefixLength, suffixLength } = message;
  const stored = new Uint8Array(rows.length);
  await embedder.embed(ids, (text) => {
    const row = rows[text.index];
    const textIds = ids[text.index];
    assert(row !== undefined && textIds !== undefined);
    if (!ring.write(row, text.sentences, text.sentenceOffset)) return;
    if (text.tokens !== undefined) {
      const offset = text.tokensOffset + prefixLength * embedder.tokenDimensions;
      const ownIds = textIds.slice(prefixLength, textIds.length - suffixLength);
      tokens?.write(row, text.tokens, offset, ownIds);
    }
    stored[text.index] = 1;
  });
  return { type: 'shapes-done', stored };
}

async function load(message: LoadMessage): Promise<ResponseMessage> {
  embedder = await Embedder.create(message.spec);
  const { dimensions, tokenDimensions } = embedder;
  return { type: 'ready', dimensions, tokenDimensions };
}

async function answer(message: RequestMessage): Promise<ResponseMessage | undefined> {
  switch (message.type) {
    case 'load':
      return await load(message);
    case 'ring':
      ring = VectorRing.attach(message.ring);
      tokens = message.tokens && TokenStore.attach(message.tokens);
      return undefined;
    case 'shapes':
      return await embedShapes(message);
    case 'phrases':
      return { type: 'phrases-done', phrases: await embedder.embedPhrases(message.ids) };
    case 'stop':
      port.close();
      return undefined;
  }
}

function failed(error: unknown): ResponseMessage {
  return {
    type: 'failed',
    code:
      error instanceof ImesdeError && error.code === 'ERR_IMESDE_MODEL'
        ? 'ERR_IMESDE_MODEL'
        : 'ERR_IMESDE_WORKER',
    message: error instanceof Error ? error.message : String(error),
  };
}

// One after the other: the port hands over the next message while this one is awaited.
let last: Promise<void> = Promise.resolve();
port.on('message', (message: RequestMessage) => {
  last = last.then(async () => {
    const response = await answer(message).catch(failed);
    if (response !== undefined) port.postMessage(response);
  });
});

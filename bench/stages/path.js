/** The way of a line from a chunk of bytes into the window, without the model: nothing is read. */
import { loadModel } from '../../dist/embed/model.js';
import { resolveOptions } from '../../dist/engine/options.js';
import { Stages } from '../../dist/engine/stages.js';
import { LineReader } from '../../dist/input/line-reader.js';
import { GlanceGate } from '../../dist/rank/glance-gate.js';
import * as limits from '../../dist/shared/limits.js';

/** What a pipe hands over at a time. */
const chunkBytes = 65_536;

const model = await loadModel(resolveOptions({}).model);
export const encoder = await model.createEncoder();

/** Of the embedded model. */
const ready = { dimensions: 384, tokenDimensions: 128 };

/** After so many shapes none of those here will be sampled, and wait for the model: rank/background.ts. */
const farBeyondSamples = 2 ** 40;

/**
 * The engine's stages with nobody to read.
 * @param {import('../../dist/engine/options.js').EngineOptions} options
 */
export function createStages(options = {}) {
  const stages = new Stages(resolveOptions(options), model, encoder, ready, () => undefined);
  stages.background.seen = farBeyondSamples;
  return stages;
}

/** A gate as theirs, for a stage alone. */
export function gateOf({ table, frequencies, background, readings, watching }) {
  const parts = { table, frequencies, background, readings, watching };
  return new GlanceGate({ ...parts, byPromise: false });
}

/** @param {Iterable<string>} lines @returns {Buffer[]} as they come from a pipe */
export function chunksOf(lines) {
  const chunks = [];
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < chunkBytes) continue;
    chunks.push(Buffer.from(block));
    block = '';
  }
  if (block !== '') chunks.push(Buffer.from(block));
  return chunks;
}

/** @returns {AsyncGenerator<import('../../dist/input/line-batch.js').LineBatch>} */
export function read(chunks) {
  return new LineReader({ maxLineBytes: limits.lineBytesDefault }).read(inTurn(chunks));
}

/** Reads lines and commits them all. */
export async function ingest({ committer }, chunks) {
  for await (const batch of read(chunks)) await committer.ingest(batch);
  await committer.committedAll();
}

async function* inTurn(chunks) {
  for (const chunk of chunks) yield chunk;
}

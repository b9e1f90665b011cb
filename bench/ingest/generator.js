/**
 * Lines from a seed. Logs of a few services, about 100 bytes each, of which a given share are new
 * shapes: they hold words in an order that no line before held; all others are of 96 shapes. And
 * headlines, of which each is a new shape.
 * usage: node bench/ingest/generator.js [--lines 100000] [--new 0.001 | --headlines] [--seed 1] > FILE
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const services = ['billing', 'catalog', 'gateway', 'mailer', 'scheduler', 'storage'];
const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR', 'DEBUG'];

/** Each `#` is replaced by a number, each `@` by an address. */
const messages = [
  'accepted connection from @ port #',
  'request # finished with status 200 in # ms',
  'request # finished with status 503 in # ms',
  'database pool: # of # connections in use',
  'lost connection to database at @: retrying in # s',
  'wrote # bytes to volume data-# in # ms',
  'volume data-# is # % full',
  'session # of user u# expired after # s',
  'login of user u# from @ refused: wrong password',
  'cache hit ratio # % over # requests',
  'job # started on worker #',
  'job # failed after # attempts: upstream @ timed out',
  'sent message # to # recipients',
  'certificate expires in # days',
  'garbage collection took # ms, heap # MiB',
  'health check of @ passed',
].map((message) => message.split(/([#@])/));

const nouns = (
  'account adapter agent alarm archive balance batch board branch bridge broker bucket buffer ' +
  'cabinet campaign carrier cart channel client clock cluster column contract counter coupon ' +
  'courier customer dashboard deposit device digest directory document domain drawer engine ' +
  'envelope event exporter factory feature fence field filter folder forecast form fragment ' +
  'garden gate group guard handle harbor header history hook image index inventory invoice ' +
  'island journal kernel key label lamp ledger lesson letter library license limit link lock ' +
  'machine manifest mirror module monitor mount notice object offer operator order packet page ' +
  'parcel parser partner payment permit pipeline plugin policy printer product profile project ' +
  'proxy queue quota reader receipt record region registry relay report request resource router ' +
  'schema sensor server shelf signal snapshot socket source station stream switch table tariff ' +
  'tenant ticket timer token topic tracker trigger tunnel vault vendor voucher warehouse window'
).split(' ');
const verbs = (
  'accepted added archived assigned attached blocked checked cleaned closed collected compared ' +
  'copied counted created delayed deleted dropped exported filtered found ignored imported ' +
  'joined listed loaded locked merged missed moved opened parsed patched paused planned printed ' +
  'pruned pushed queued ranked read rejected released renamed repaired replaced resumed reversed ' +
  'sampled saved scanned sealed signed skipped sorted split started stopped stored synced tagged ' +
  'traced trimmed updated verified'
).split(' ');

/** Uniform numbers in [0, 1): a counter, mixed. */
function randomSource(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x7feb352d);
    bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {{ lines: number, newShare: number, seed: number }} options - newShare in [0, 1]
 * @returns {Generator<string>} lines without their newline
 */
export function* generateLines({ lines, newShare, seed }) {
  const random = randomSource(seed);
  const below = (n) => Math.floor(random() * n);
  const fill = (parts) => {
    let text = '';
    for (const part of parts) {
      if (part === '#') text += below(100_000);
      else if (part === '@') text += `10.${below(256)}.${below(256)}.${below(256)}`;
      else text += part;
    }
    return text;
  };
  const start = Date.UTC(2026, 0, 5);
  let milliseconds = 0;
  let shapes = 0;
  for (let i = 0; i < lines; i += 1) {
    milliseconds += below(20);
    const time = new Date(start + milliseconds).toISOString();
    const service = services[below(services.length)];
    const head = `${time} node-${below(40)} ${service}[${1_000 + below(9_000)}]:`;
    if (random() < newShare) {
      yield `${head} INFO ${newWords(shapes)} in ${below(1_000)} ms`;
      shapes += 1;
    } else {
      const place = below(messages.length);
      yield `${head} ${levels[place % levels.length]} ${fill(messages[place])}`;
    }
  }
}

/** Prime, so that numbers in a row have words of their own, and no two numbers share them all. */
const stride = 715_827_883;

/** @param number - below 10,000,000 */
function newWords(number) {
  let rest = (number * stride) % (nouns.length ** 3 * verbs.length ** 2);
  const [first, verb, second, third, last] = [nouns, verbs, nouns, nouns, verbs].map((words) => {
    const word = words[rest % words.length];
    rest = Math.floor(rest / words.length);
    return word;
  });
  return `${first} ${verb} the ${second} of the ${third} that was ${last}`;
}

const headlineWordsMin = 7;
const headlineWordsMax = 12;

/**
 * Lines of 7 to 12 words and nothing else, no two alike: a stream in which nothing repeats. Their
 * words mean nothing together, but each is one that the model knows.
 * @param {{ lines: number, seed: number }} options
 * @returns {Generator<string>} lines without their newline
 */
export function* generateHeadlines({ lines, seed }) {
  const random = randomSource(seed);
  const words = wholeWords();
  const sent = new Set();
  while (sent.size < lines) {
    const count =
      headlineWordsMin + Math.floor(random() * (headlineWordsMax - headlineWordsMin + 1));
    const chosen = new Set(); // No word twice: the masker says repeats once.
    // The vocabulary begins with the frequent words, so squares draw these oftener, as English does.
    while (chosen.size < count) chosen.add(words[Math.floor(words.length * random() ** 2)]);
    const line = [...chosen].join(' ');
    if (sent.has(line)) continue;
    sent.add(line);
    yield line;
  }
}

/** The vocabulary's words of small letters, in its order, about 21,700. */
function wholeWords() {
  const file = new URL('../../model/tokenizer.json', import.meta.url);
  const { vocab } = JSON.parse(readFileSync(file, 'utf8')).model;
  // What follows `user` is a name to the masker, and goes.
  return Object.keys(vocab).filter((word) => /^[a-z]{2,}$/.test(word) && word !== 'user');
}

async function main() {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '100000' },
      new: { type: 'string', default: '0.001' },
      headlines: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
    },
  });
  const options = { lines: Number(values.lines), seed: Number(values.seed) };
  const generated = values.headlines
    ? generateHeadlines(options)
    : generateLines({ ...options, newShare: Number(values.new) });
  process.stdout.on('error', () => process.exit(0)); // The reader left.
  let block = '';
  for (const line of generated) {
    block += `${line}\n`;
    if (block.length < 65_536) continue;
    if (!process.stdout.write(block)) await once(process.stdout, 'drain');
    block = '';
  }
  process.stdout.write(block);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();

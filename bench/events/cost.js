import { Events } from '../../dist/events/events.js';

const vocabularySize = 5_000;
const templateCount = 2_000;
const wordsAShape = 12;

/**
 * Microseconds of CPU a call and bytes a shape, over so many different shapes.
 * @param kind - `templates`: 2,000 messages with one or two names in them; `prose`: words at random
 */
export function cost(kind, shapeCount, rules) {
  const keys = differentKeys(kind, shapeCount);
  const events = new Events({ shapesMax: shapeCount, rules });
  const add = microseconds(keys, (key, shape) => events.add(shape, key));
  const { bytes } = events;
  const found = new Set();
  const event = microseconds(keys, (key) => found.add(events.eventOf(key)));
  const remove = microseconds(keys, (key, shape) => events.remove(shape, key));
  return {
    kind,
    shapes: keys.length,
    add,
    event,
    remove,
    bytes: bytes / keys.length,
    events: found.size,
  };
}

function microseconds(keys, work) {
  const before = process.cpuUsage();
  for (const [shape, key] of keys.entries()) work(key, shape);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / keys.length;
}

function differentKeys(kind, count) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const word = (index) => `w${Math.imul(index + 1, 2_654_435_761).toString(36)}`;
  const vocabulary = Array.from({ length: vocabularySize }, (_, i) => word(i));
  const common = () => vocabulary[Math.floor(random() ** 2 * vocabularySize)];
  const name = () => word(vocabularySize + Math.floor(random() * 1_000_000));
  const words = () => Array.from({ length: wordsAShape }, common);
  const templates = Array.from({ length: templateCount }, words);
  const keys = new Set();
  while (keys.size < count) {
    let shape;
    if (kind === 'prose') {
      shape = words().map((plain) => (random() < 0.15 ? name() : plain));
    } else {
      shape = [...templates[Math.floor(random() ** 2 * templateCount)]];
      shape[3] = name();
      if (random() < 0.5) shape[8] = name();
    }
    keys.add(shape.join(' '));
  }
  return [...keys];
}

/**
 * What a record of several lines says, before its shape is made of it, which only reads so many
 * words: its first line, then what caused it, then the rest. Frames of stacks go, so that two traces
 * differ only where what was thrown does.
 */

import { goroutine, nodeLocation, pythonFrame } from '../input/line-forms.ts';

/** Masking ends long before. */
const charsMax = 4_096;

/** Where a line of a trace says no more than the place in a program. */
const frame = new RegExp(
  `^\\s*(?:${[
    String.raw`at .*\)`,
    String.raw`at (?:async |file:|node:|/|[\w.$<>]+ ?\[).*`,
    String.raw`at \S+:\d+`,
    String.raw`File ".*", line \d+`,
    String.raw`(?:\d+: )?from \S+:\d+:in `,
    String.raw`\S+:\d+:in [\`'].*'$`,
    String.raw`\.\.\. ?\d+ `,
    String.raw`#\d+:? `,
    String.raw`\d+: +(?:0x[\da-f]+ - )?[\w<$].*::`,
    String.raw`--- End of `,
    String.raw`thrown in \S+ on line \d+$`,
    String.raw`\{main\}$`,
    String.raw`\^[\s^~]*$|~[~^\s]*$`,
  ].join('|')})`,
);
/** Lines that only say that a trace follows, or goes on. */
const furniture =
  /^\s*(?:Traceback \(most recent call last\):|Stack trace:|\[stacktrace\]|stack backtrace:|note: |Node\.js v\d|\(Use `|exit status \d|During handling of the above exception|The above exception was the direct cause|"\}\s*$)/;

const cause = /^\s*(?:Caused by: |---> |\[cause\]: |Suppressed: |Next (?=\S+: ))/;
/** What was thrown, in a line of its own; what Go and Node tell of it. */
const thrown =
  /^(?:panic: |fatal error: |Uncaught |[\w.$]*(?:Error|Exception|Interrupt|Exit|Warning|Failure|Timeout)\b[^\n]{0,40}(?::|$))/;
const pemBegin = /^\s*-----BEGIN ([A-Z0-9 ]+)-----$/;
const pemEnd = /^\s*-----END /;

type Part = 'rest' | 'code' | 'go' | 'pem' | 'rust';

/** @param text - lines with a newline between them; any other text is returned as it is */
export function tellingText(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  const [head = ''] = lines;
  if (isJson(lines))
    return lines
      .map((line) => line.trim())
      .join(' ')
      .slice(0, charsMax * 2);
  const { causes, rest } = new TraceReader().read(lines.slice(1), head);
  const isTelling = !furniture.test(head) && !frame.test(head) && !nodeLocation.test(head);
  const heads = isTelling && !goroutine.test(head) ? [labelOf(head)] : [];
  const told = [...heads, ...causes.reverse(), ...rest].join('\n');
  return told.trim() === '' ? head : told.slice(0, charsMax);
}

/** A value that is printed over several lines, perhaps with words before it. */
function isJson(lines: readonly string[]): boolean {
  const [head = '', second = ''] = lines;
  if (!/[{[]$/.test(head) || !/^\s+(?:["{}[\]\d-]|true|false|null)/.test(second)) return false;
  return /^[}\]]/.test(lines.at(-1) ?? '');
}

function labelOf(line: string): string {
  return pemBegin.exec(line)?.[1] ?? line;
}

class TraceReader {
  /** The outermost first. */
  readonly #causes: string[] = [];
  readonly #rest: string[] = [];
  #part: Part = 'rest';

  read(lines: readonly string[], head: string): { causes: string[]; rest: string[] } {
    this.#begin(head);
    for (const line of lines) this.#take(line);
    return { causes: this.#causes, rest: this.#rest };
  }

  #begin(line: string): void {
    if (nodeLocation.test(line) || pythonFrame.test(line)) this.#part = 'code';
    else if (goroutine.test(line)) this.#part = 'go';
    else if (pemBegin.test(line)) this.#part = 'pem';
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    if (this.#part === 'pem') {
      if (pemEnd.test(line)) this.#part = 'rest';
      return;
    }
    const label = pemBegin.exec(line)?.[1];
    if (label !== undefined) {
      this.#part = 'pem';
      this.#rest.push(label);
      return;
    }
    if (goroutine.test(line)) this.#part = 'go';
    if (this.#part === 'go') {
      if (line.startsWith('panic: ')) this.#causes.push(line);
      return;
    }
    if (furniture.test(line)) {
      this.#part = line.startsWith('stack backtrace:') ? 'rust' : 'rest';
      return;
    }
    if (pythonFrame.test(line)) {
      this.#part = 'code';
      return;
    }
    if (frame.test(line)) return;
    this.#tell(line);
  }

  #tell(line: string): void {
    const isIndented = /^\s/.test(line);
    const told = line.replace(cause, '');
    if (told.length !== line.length || (!isIndented && thrown.test(line))) {
      this.#part = 'rest';
      this.#causes.push(told.trim());
      return;
    }
    // Code that an interpreter shows, and places in Rust.
    if (isIndented && this.#part !== 'rest') return;
    this.#part = 'rest';
    this.#rest.push(line.trim());
  }
}

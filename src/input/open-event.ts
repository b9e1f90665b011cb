/**
 * The record at hand and the lines that belong to it, told by their forms. Whether a line does
 * depends on nothing but the lines before it: not on how they came.
 */
import { criLineOf, type CriLine } from './cri-line.ts';
import { blockOf, takeInBlock, type Block } from './event-block.ts';
import * as forms from './line-forms.ts';

export interface EventBounds {
  readonly linesMax: number;
  readonly bytesMax: number;
}

/** Blank lines that a block may have between its lines. */
const blanksMax = 2;
/** How long a record may wait for what its form promises, and for a trace behind trouble. */
const promisedMs = 200;
const possibleMs = 20;

export class OpenEvent {
  /** Its first line. */
  head = '';
  /** Number of that line. */
  number = 0;
  /** Blank lines behind it, which belong to it only if more does. */
  blanks: string[] = [];
  readonly #bounds: EventBounds;
  /** All its lines; undefined while it is a line that nothing is known of. */
  #parts: string[] | undefined;
  #bytes = 0;
  #indent = 0;
  #block: Block = 'none';
  /** What its head says: that it is a record, or something else that indented lines belong to. */
  #isRecord = false;
  #isOpener = false;
  #isException = false;
  /** A bracket that a line of it opened has not been closed by a line without indentation. */
  #isOpen = false;
  /** Its last line ended it. */
  #isClosed = false;
  #cri: CriLine | undefined;

  constructor(bounds: EventBounds) {
    this.#bounds = bounds;
  }

  /** Lines that it is made of. */
  get lineCount(): number {
    return this.#parts?.length ?? 1;
  }

  /** More than one line, or a block that its head opened: no line behind it can be passed over. */
  get isActive(): boolean {
    return this.#parts !== undefined && (this.#parts.length > 1 || this.#block !== 'none');
  }

  get text(): string {
    if (this.#parts === undefined || this.#parts.length === 1) return this.head;
    if (this.#cri === undefined) return this.#parts.join('\n');
    // What a runtime writes of a line that it did not cut, once it is whole.
    return `${this.#cri.prefix}${this.#isClosed ? 'F' : 'P'} ${this.#parts.join('')}`;
  }

  /** A line that nothing is known of: all but a few. */
  begin(text: string, number: number): void {
    this.head = text;
    this.number = number;
    this.#parts = undefined;
    this.#cri = undefined;
    this.#isClosed = false;
    if (this.blanks.length > 0) this.blanks = [];
  }

  /** A line that may open a block. */
  beginBlock(text: string, number: number): void {
    this.begin(text, number);
    this.#block = blockOf(text);
    // Most only look like it.
    if (this.#block !== 'none' || /^[\s\d]/.test(text)) this.#look();
  }

  /** Whether a line belongs to it, which is taken in then. */
  take(text: string): boolean {
    if (this.#parts === undefined) this.#look();
    if (this.#isClosed || !this.#hasRoom(text)) return false;
    if (this.#cri !== undefined) return this.#takePart(this.#cri, text);
    if (!this.#belongs(text)) return false;
    this.#parts?.push(...this.blanks, text);
    this.blanks = [];
    return true;
  }

  /** Whether a blank line may stand inside it. It is kept until it is known what follows. */
  takeBlank(text: string): boolean {
    if (this.#parts === undefined || this.#isClosed || this.blanks.length === blanksMax) {
      return false;
    }
    const mayFollow =
      this.#isOpen || this.#block !== 'none' || (this.#isRecord && this.#parts.length > 1);
    if (mayFollow) this.blanks.push(text);
    return mayFollow;
  }

  /** Whether a line would belong to it, if it were not full: it goes on in an event of its own then. */
  isFullFor(text: string): boolean {
    if (this.#parts === undefined || this.#isClosed || this.#cri !== undefined) return false;
    return !this.#hasRoom(text) && this.#belongs(text);
  }

  /** Goes on in the same block, see isFullFor. */
  goOn(text: string, number: number): void {
    this.head = text;
    this.number = number;
    this.blanks = [];
    this.#parts = [text];
    this.#bytes = Buffer.byteLength(text);
    this.#isOpener = true;
  }

  /** How long it may wait for more, in milliseconds, where no more is there yet. */
  get waitMs(): number {
    if (this.#isClosed) return 0;
    if (this.isActive) return promisedMs;
    if (forms.goesOn.test(this.head) || forms.isExceptionHead(this.head)) return promisedMs;
    return forms.tellsTrouble(this.head) ? possibleMs : 0;
  }

  #look(): void {
    const head = forms.withoutColours(this.head);
    this.#bytes = Buffer.byteLength(this.head);
    this.#isClosed = head.trim() === '' || forms.isBinary(head);
    const cri = criLineOf(head);
    if (cri?.isPartial === true) {
      this.#cri = cri;
      this.#parts = [cri.content];
      this.#block = 'partial';
      return;
    }
    this.#parts = [this.head];
    this.#indent = forms.indentOf(head);
    this.#isRecord = forms.startsRecord(head);
    this.#isException = forms.isExceptionHead(head);
    this.#isOpen = forms.opensBlock.test(head);
    this.#block = blockOf(head);
    this.#isOpener =
      this.#isRecord ||
      this.#isException ||
      this.#block !== 'none' ||
      this.#isOpen ||
      /[:\\]$/.test(head) ||
      forms.isPlace(head) ||
      forms.isFrame(head);
  }

  #hasRoom(text: string): boolean {
    const { linesMax, bytesMax } = this.#bounds;
    if (this.lineCount + this.blanks.length >= linesMax) return false;
    // A character has three bytes at most; nearly always that says enough.
    if (this.#bytes + text.length * 3 < bytesMax) return true;
    return this.#bytes + Buffer.byteLength(text) < bytesMax;
  }

  #takePart(cri: CriLine, text: string): boolean {
    const part = criLineOf(text);
    if (part?.stream !== cri.stream) return false;
    this.#parts?.push(part.content);
    this.#bytes += Buffer.byteLength(part.content);
    this.#isClosed = !part.isPartial;
    return true;
  }

  #belongs(text: string): boolean {
    if (forms.startsRecord(text) || forms.isBinary(text)) return false;
    const block = takeInBlock(this.#block, text, this.blanks.length);
    const indent = forms.indentOf(text);
    if (block !== undefined) {
      this.#block = block;
      this.#isClosed = block === 'ended';
    } else if (indent > 0 ? !this.#belongsIndented(text, indent) : !this.#belongsPlain(text)) {
      return false;
    }
    this.#bytes += Buffer.byteLength(text) + 1;
    if (forms.opensBlock.test(text)) this.#isOpen = true;
    if (this.#block === 'none' && forms.pythonFrame.test(text)) this.#block = 'traceback frames';
    return true;
  }

  #belongsIndented(text: string, indent: number): boolean {
    if (this.blanks.length > 0 && !this.#isOpen && !this.#isRecord) return false;
    if (this.#isOpener || this.lineCount > 1 || forms.isFrame(text)) return true;
    const isTable = /^\d+(?:\s|$)/.test(text.slice(indent, indent + 24));
    return this.#indent === 0 && !isTable && !forms.endsSentence(this.head) && !forms.isProse(text);
  }

  #belongsPlain(text: string): boolean {
    if (this.#isOpen && forms.closer.test(text)) {
      this.#isOpen = false; // Unless it opens another one.
      this.#isClosed = this.#block === 'none' && !forms.opensBlock.test(text);
      return true;
    }
    if (this.blanks.length > 0) return false;
    if (this.#closesTag(text)) return true;
    const hasTrace = this.#isException || this.lineCount > 1;
    if (text.startsWith('Caused by: ')) {
      return hasTrace || this.#isRecord || forms.tellsTrouble(this.head);
    }
    if (forms.isFrame(text)) return hasTrace || this.#isRecord || this.#isOpener;
    return this.#belongsBehindTrouble(text);
  }

  /** What a record of trouble is followed by: the trace of what was thrown. */
  #belongsBehindTrouble(text: string): boolean {
    if (text.startsWith('-----BEGIN ')) {
      if (this.lineCount > 1 || !/[:=]$/.test(this.head)) return false;
    } else if (/^(?:Stack trace:|\[stacktrace\]|stack backtrace:)$/.test(text)) {
      if (!forms.tellsTrouble(this.head)) return false;
    } else {
      if (this.lineCount > 1 || this.#isException) return false;
      const isTrace =
        text === forms.tracebackStart ||
        forms.goroutine.test(text) ||
        forms.isDottedException(text);
      if (!isTrace || !forms.tellsTrouble(this.head)) return false;
    }
    this.#block = blockOf(text);
    return true;
  }

  #closesTag(text: string): boolean {
    const name = /^<\/([\w:.-]+)>$/.exec(text)?.[1];
    if (name === undefined || !this.head.includes(`<${name}`)) return false;
    this.#isClosed = true;
    return true;
  }
}

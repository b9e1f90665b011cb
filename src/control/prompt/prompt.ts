/** Carries what is typed at the terminal to the responder, and its answers back as text. */
import { escapeControls } from '../../output/escape.ts';
import type { MatchFormat } from '../../output/printed-match.ts';
import { wantedFor } from '../../output/wanted.ts';
import { textLines } from '../answer-format.ts';
import { parseTyped, promptHelp } from './prompt-commands.ts';
import type { Operation } from '../request.ts';
import type { Answer, Responder } from '../responder.ts';
import { TerminalLine } from './terminal-line.ts';

export interface PromptOptions {
  readonly responder: Pick<Responder, 'answer'>;
  readonly format: MatchFormat;
  /** The nearest, so many, for each search, until /top says otherwise; by default what answers. */
  readonly top?: number | undefined;
  readonly quit: () => void;
}

type Search = Operation & { op: 'query' };

export class Prompt {
  readonly #options: PromptOptions;
  readonly terminal: TerminalLine;
  #top: number | undefined;
  /** The last one, with its marks. */
  #search: Search | undefined;
  /** Answers come in the order of what was typed. */
  #last: Promise<void> = Promise.resolve();

  /** @throws {ImesdeError} ERR_IMESDE_USAGE where the process has no terminal */
  constructor(options: PromptOptions) {
    this.#options = options;
    this.#top = options.top;
    this.terminal = new TerminalLine({
      prompt: 'imesde> ',
      onLine: (line) => {
        this.#obey(line);
      },
      onEnd: options.quit,
    });
    this.terminal.print('Type what to look for, in your own words; /help lists the commands.\n');
  }

  #obey(line: string): void {
    const typed = parseTyped(line);
    switch (typed.kind) {
      case 'operation':
        if (typed.operation.op === 'query') this.#search = typed.operation;
        this.#last = this.#last.then(() => this.#ask(typed.operation));
        break;
      case 'mark':
        this.#mark(typed.mark, typed.text);
        break;
      case 'top':
        this.#top = typed.top;
        this.terminal.print(`${typed.top} matches for each search\n`);
        break;
      case 'help':
        this.terminal.print(promptHelp);
        break;
      case 'mistake':
        this.terminal.print(`${escapeControls(typed.message)}\n`);
        break;
      case 'nothing':
        break;
    }
  }

  /** The last search again, with one more mark; an example alone is a search too. */
  #mark(mark: 'like' | 'unlike', text: string): void {
    const last = this.#search;
    if (last === undefined && mark === 'unlike') {
      this.terminal.print('search first, then say what is not meant\n');
      return;
    }
    const search: Search = { op: 'query', ...last, [mark]: [...(last?.[mark] ?? []), text] };
    this.#search = search;
    this.#last = this.#last.then(() => this.#ask(search));
  }

  async #ask(operation: Operation): Promise<void> {
    const asked =
      operation.op === 'query'
        ? { ...operation, top: this.#top, ...wantedFor(this.#options.format) }
        : operation;
    const answer = await this.#options.responder.answer(asked);
    if (answer.kind === 'error') {
      this.terminal.print(`${escapeControls(answer.message)}\n`);
    } else if (answer.kind === 'done') {
      const said = confirmation(operation);
      if (said !== undefined) this.terminal.print(`${escapeControls(said)}\n`);
    } else {
      const text = [...textLines(answer, this.#options.format)].join('');
      this.terminal.print(text === '' ? nothingFound(answer) : text);
    }
  }
}

function nothingFound(answer: Answer): string {
  if (answer.kind !== 'matches' || answer.best === undefined) return 'nothing yet\n';
  const { minScore, best } = answer;
  return `nothing scored ${minScore} or more: the nearest scored ${best.toFixed(3)}, /top 5 shows it\n`;
}

function confirmation(operation: Operation): string | undefined {
  if (operation.op === 'watch') return `watching for: ${operation.phrase ?? ''}`;
  if (operation.op !== 'unwatch') return undefined;
  return operation.phrase === undefined
    ? 'watching for nothing any more'
    : `no longer watching for: ${operation.phrase}`;
}

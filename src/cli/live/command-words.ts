/**
 * A command as one text → its words, for a program that is started without a shell: split at white
 * space, quotes as in a shell's words. Nothing is expanded: `$HOME`, `*` and `~` stay what they are.
 */
import { ImesdeError } from '../../shared/errors.ts';

/** In double quotes a backslash keeps only these from their meaning. */
const escapedInDouble = '"\\$`';

/**
 * @returns at least one word
 * @throws {ImesdeError} ERR_IMESDE_USAGE for none, and for a quote that is never closed
 */
export function commandWords(command: string): string[] {
  const words: string[] = [];
  /** Undefined between words: a word may be empty. */
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < command.length; i += 1) {
    const char = command.charAt(i);
    const next = command[i + 1];
    if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      word ??= '';
    } else if (char === quote) {
      quote = '';
    } else if (char === '\\' && next !== undefined && isEscape(quote, next)) {
      word = (word ?? '') + next;
      i += 1;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') throw usage(`has a ${quote} that is never closed`);
  if (word !== undefined) words.push(word);
  if (words.length === 0 || words[0] === '') throw usage('names no program');
  return words;
}

function isEscape(quote: string, next: string): boolean {
  if (quote === "'") return false;
  return quote === '' || escapedInDouble.includes(next);
}

function usage(what: string): ImesdeError {
  return new ImesdeError(
    'ERR_IMESDE_USAGE',
    `the command of --exec ${what}: --exec 'notify-send "disk trouble"', or for a shell's ways --exec 'sh -c "…"'`,
  );
}

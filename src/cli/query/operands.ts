/** `PHRASE [FILE…]`, or with -e, -f or --like every operand a FILE, as grep has it. */
import { existsSync, statSync } from 'node:fs';
import { ImesdeError } from '../../shared/errors.ts';
import { phrase as checked } from '../option-values.ts';
import { namedPhrases, type NamedPhrase, type PhraseFlags } from '../phrases.ts';

export interface Asked {
  readonly phrases: readonly NamedPhrase[];
  /** Empty: standard input. */
  readonly files: readonly string[];
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE where there is no phrase, and what namedPhrases throws */
export function askedOf(operands: readonly string[], flags: PhraseFlags): Asked {
  if (hasPhraseFlags(flags))
    return { phrases: namedPhrases(flags.phrase ?? [], flags), files: operands };
  const [first, ...files] = operands;
  if (first === undefined) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      'missing required argument \'phrase\': say what to look for, as in imesde query "db failure" app.log',
    );
  }
  return { phrases: namedPhrases([checked(first)], flags), files };
}

/**
 * The files that are there. Opening tells more; but what was meant as something else is told before
 * anything is read.
 * @param onMissing - told of each other one what is wrong and what to do
 */
export function existingFiles(
  { phrases, files }: Asked,
  flags: PhraseFlags,
  onMissing: (message: string) => void,
): string[] {
  const missing = files.filter((file) => file !== '-' && !existsSync(file));
  const hasFlags = hasPhraseFlags(flags) || phrases.length === 0;
  const words = [phrases[0]?.phrase ?? '', ...missing];
  const isOnePhrase =
    !hasFlags && missing.length === files.length && words.every((word) => !/[\s./]/.test(word));
  const [wrong] = missing;
  if (wrong !== undefined && !hasFlags && files.length === 1 && existsSync(words[0] ?? '')) {
    onMissing(
      `no such file ${wrong}, but ${words[0] ?? ''} is one: the phrase comes first, ` +
        `imesde query "${wrong}" ${words[0] ?? ''}`,
    );
  } else if (missing.length > 0 && isOnePhrase) {
    onMissing(
      `no such file ${missing.join(', ')}: for one phrase, quote it, "${words.join(' ')}"; ` +
        `for a second phrase, -e "${missing[0] ?? ''}"`,
    );
  } else {
    for (const file of missing) {
      const remedy = phrases.length === 0 ? 'check its name' : remedyFor(file, flags);
      onMissing(`no such file ${file}: ${remedy}`);
    }
  }
  return files.filter((file) => !missing.includes(file));
}

/** With any of these every operand is a file. */
function hasPhraseFlags({ phrase, phraseFile, like }: PhraseFlags): boolean {
  return (phrase ?? phraseFile ?? like) !== undefined;
}

function remedyFor(file: string, flags: PhraseFlags): string {
  if (!hasPhraseFlags(flags)) return `for a second phrase, -e "${file}"`;
  if ((flags.phrase ?? flags.phraseFile) !== undefined) return 'check its name';
  return `with --like each operand is a file, for a phrase beside it -e "${file}"`;
}

/** A file that was given as the phrase, perhaps by mistake: its only operand. */
export function fileAsPhrase({ phrases, files }: Asked, flags: PhraseFlags): string | undefined {
  const [only] = phrases;
  if (only === undefined || files.length > 0) return undefined;
  if ((flags.phrase ?? flags.like) !== undefined) return undefined;
  const isFile = statSync(only.phrase, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? only.phrase : undefined;
}

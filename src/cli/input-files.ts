/** The files that a command line names. What is wrong with one is told, and counted. */
import { FileLines } from '../input/file-lines.ts';
import type { ReadState } from '../input/read-state.ts';
import type { EngineFlags } from './common-options.ts';
import { complain } from './complain.ts';
import type { PhraseFlags } from './phrases.ts';
import { existingFiles, type Asked } from './query/operands.ts';
import type { Place } from './query/print.ts';

export class InputFiles {
  errorCount = 0;
  /** Undefined where standard input is read, which has no name. */
  readonly lines: FileLines | undefined;
  /** Files were named, and none of them is there. */
  readonly isNothingLeft: boolean;

  /**
   * @param options - namesStdin: standard input is named like a file, where it is all there is;
   * readFrom: where reading ended the last time
   */
  constructor(
    asked: Asked,
    options: Pick<EngineFlags, 'maxLineBytes' | 'lines'> &
      PhraseFlags & { readonly namesStdin?: boolean; readonly readFrom?: ReadState | undefined },
  ) {
    const isStdin = asked.files.length === 0;
    const onError = (message: string): void => {
      this.errorCount += 1;
      complain(message);
    };
    const named = options.namesStdin === true ? ['-'] : [];
    const names = isStdin ? named : existingFiles(asked, options, onError);
    this.isNothingLeft = !isStdin && names.length === 0;
    if (names.length === 0) return;
    this.lines = new FileLines({
      maxLineBytes: options.maxLineBytes,
      lines: options.lines,
      names,
      state: options.readFrom,
      onLost: complain,
      onError: ({ message }) => {
        onError(message);
      },
    });
  }

  /** The file of a line, and its number there. */
  readonly placeOf: Place = (line) => this.lines?.placeOf(line) ?? { line };
}

import { escapeControls } from '../output/escape.ts';

/** Says on stderr, in one line, what is wrong and what to do. */
export function complain(message: string): void {
  process.stderr.write(`imesde: ${escapeControls(message.replaceAll(/\s*\n\s*/g, ' '))}\n`);
}

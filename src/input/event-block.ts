/** Blocks whose lines have no form of their own, or not all: where one is at hand, what belongs to it. */
import * as forms from './line-forms.ts';

export type Block =
  | 'none'
  /** Python: from its first line on; from its first indented line on; behind the exception. */
  | 'traceback'
  | 'traceback frames'
  | 'traceback ended'
  | 'traceback linked'
  | 'go'
  | 'rust message'
  | 'rust'
  | 'node'
  | 'node thrown'
  | 'php'
  | 'pem'
  /** Of a line that its runtime cut. */
  | 'partial'
  /** Nothing belongs to it any more. */
  | 'ended';

const phpBegins = /^(?:Stack trace:|\[stacktrace\])$/;
const goBegins = /^(?:panic: |fatal error: |SIG[A-Z]+: )/;
const goParts = /^(?:\[signal |PC=0x|panic: |\t*\[recovered\]|goroutine running on other thread)/;

/** The block that a line opens. */
export function blockOf(text: string): Block {
  if (text.endsWith(forms.tracebackStart)) return 'traceback';
  if (forms.pythonFrame.test(text)) return 'traceback frames';
  if (goBegins.test(text) || forms.goroutine.test(text)) return 'go';
  if (/^thread '.*' (?:\(\d+\) )?panicked at .*:$/.test(text)) return 'rust message';
  if (/^thread '.*' (?:\(\d+\) )?panicked at /.test(text) || text === 'stack backtrace:') {
    return 'rust';
  }
  if (forms.nodeLocation.test(text)) return 'node';
  if (phpBegins.test(text) || text.startsWith('PHP Fatal error:  Uncaught ')) return 'php';
  return forms.pemBegin.test(text) ? 'pem' : 'none';
}

/**
 * Whether the block claims a line that begins no record.
 * @param blanks - blank lines before it
 * @returns the block then, or undefined
 */
export function takeInBlock(block: Block, text: string, blanks: number): Block | undefined {
  const isIndented = forms.indentOf(text) > 0;
  switch (block) {
    case 'traceback':
    case 'traceback frames':
      return takeInTraceback(block, blanks, isIndented);
    case 'traceback ended':
      if (forms.tracebackLink.test(text)) return 'traceback linked';
      return isIndented && blanks === 0 ? block : undefined;
    case 'traceback linked':
      return text === forms.tracebackStart ? 'traceback' : undefined;
    case 'go':
      if (isIndented || forms.goroutine.test(text)) return block;
      return goParts.test(text) || forms.goFrame.test(text) ? block : undefined;
    case 'rust message':
      return blanks === 0 ? 'rust' : undefined;
    case 'rust':
      if (blanks > 0) return undefined;
      return isIndented || text === 'stack backtrace:' || text.startsWith('note: ')
        ? block
        : undefined;
    case 'node':
    case 'node thrown':
      if (isIndented) return block;
      if (/^(?:Node\.js v\d|\(Use `)/.test(text)) return 'ended';
      return block === 'node' && forms.isExceptionHead(text) ? 'node thrown' : undefined;
    case 'php':
      if (/^(?:#\d+ |Next \S+: |Stack trace:$)/.test(text) || isIndented) return block;
      return /^"\}\s*$/.test(text) ? 'ended' : undefined;
    case 'pem':
      if (text.startsWith('-----END ')) return 'ended';
      return forms.pemBody.test(text) ? block : undefined;
    default:
      return undefined;
  }
}

function takeInTraceback(
  block: 'traceback' | 'traceback frames',
  blanks: number,
  isIndented: boolean,
): Block | undefined {
  if (isIndented) return 'traceback frames';
  return block === 'traceback frames' && blanks === 0 ? 'traceback ended' : undefined;
}

import { describe, expect, it } from 'vitest';
import { escapeControls } from '../../src/output/escape.ts';

describe('escapeControls', () => {
  it.each([
    ['an escape sequence', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a title (OSC)', '\x1b]0;pwned\x07', '\\x1b]0;pwned\\x07'],
    ['a C1 control', '\x9b2J', '\\x9b2J'],
    ['CR and backspace', 'ok\rno\b', 'ok\\x0dno\\x08'],
    ['a newline in a phrase', 'a\nb', 'a\\x0ab'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
    ['bidi controls', '\u202eabc\u2066\u200f', '\\u202eabc\\u2066\\u200f'],
    ['line separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['a byte order mark inside', 'a\ufeffb', 'a\\ufeffb'],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(escapeControls(text)).toBe(shown);
  });

  it.each(['plain', 'tab\there', 'é 日本 \u05d0\u05d1 \u{1f600} e\u0301', 'C:\\new\\x1b'])(
    'leaves %j as it is',
    (text) => {
      expect(escapeControls(text)).toBe(text);
    },
  );
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/cli/live/command-words.ts';

describe('the words of a command', () => {
  it.each([
    'notify-send "disk trouble"',
    `mail -s 'it is "late"' ops@example.org`,
    String.raw`a\ b "c\"d" 'e\f' g\\h "i\j"`,
    `one''two"" '' ""`,
    '  tabs\tand  spaces ',
    `don\\'t "quote 'me'"`,
  ])('are what a shell makes of them where nothing is to be expanded: %s', (command) => {
    const shell = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' });
    expect(commandWords(command)).toEqual(shell.slice(0, -1).split('\0'));
  });

  it('are never expanded', () => {
    const command = 'run $HOME `id` $(id) * ~ {a,b} a;b a|b >out # no comment';
    expect(commandWords(command)).toEqual(command.split(' '));
  });

  it.each(['', '   ', "''", '"open', "it's"])('can not be had of %j', (command) => {
    expect(() => commandWords(command)).toThrow(/--exec/);
  });
});

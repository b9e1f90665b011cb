import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { logsFolder, runImesde, runInTerminal } from '../helpers/run-imesde.ts';

const folder = temporaryFolder();
copyFileSync(path.join(logsFolder, 'shop.log'), path.join(folder, 'app.log'));
copyFileSync(path.join(logsFolder, 'shop.log'), path.join(folder, 'my app.log'));

describe('a mistake gets one line that says what to type instead', () => {
  it.each([
    [
      'watch x',
      ['watch', 'x'],
      `unknown command 'watch': to print lines as they come, imesde -w "x"`,
    ],
    [
      'tail -F',
      ['tail', '-F', 'app.log'],
      `unknown command 'tail': tail -f FILE | imesde -w "PHRASE"`,
    ],
    ['qurey x', ['qurey', 'x'], `unknown command 'qurey': did you mean imesde query "x"?`],
    [
      'Query',
      ['Query', 'x', 'app.log'],
      `unknown command 'Query': did you mean imesde query "x" app.log?`,
    ],
    ['stauts', ['stauts'], `unknown command 'stauts': did you mean imesde status?`],
    ['version', ['version'], `unknown command 'version': imesde --version`],
    [
      '-5',
      ['-5'],
      `unknown option '-5': for the 5 nearest, -k 5, as in imesde query "PHRASE" -k 5`,
    ],
    [
      'query x -5',
      ['query', 'x', '-5'],
      `unknown option '-5': for the 5 nearest, -k 5, as in imesde query "PHRASE" -k 5`,
    ],
    [
      'query -5 x',
      ['query', '-5', 'x', 'app.log'],
      `unknown option '-5': for the 5 nearest, -k 5, as in imesde query "PHRASE" -k 5`,
    ],
    [
      'ask x -3',
      ['ask', 'x', '-3'],
      `unknown option '-3': for the 3 nearest, -k 3, as in imesde ask "PHRASE" -k 3`,
    ],
    [
      'app.log',
      ['app.log'],
      'app.log is a file: say what to look for in it, imesde query "PHRASE" app.log',
    ],
    [
      'a name with a space',
      ['my app.log'],
      'my app.log is a file: say what to look for in it, imesde query "PHRASE" "my app.log"',
    ],
    [
      '"some phrase"',
      ['some phrase'],
      `unknown command 'some phrase': to look for it in standard input, imesde query "some phrase"`,
    ],
    [
      'two words',
      ['some', 'phrase'],
      `unknown command 'some': to look for it in standard input, imesde query "some phrase"`,
    ],
    [
      '"some phrase" app.log',
      ['some phrase', 'app.log'],
      `unknown command 'some phrase': to look for it in app.log, imesde query "some phrase" app.log`,
    ],
    [
      'what a shell would read',
      ['costs $5'],
      `unknown command 'costs $5': to look for it in standard input, imesde query 'costs $5'`,
    ],
    [
      'grep x',
      ['grep', 'x', 'app.log'],
      `unknown command 'grep': to look for it, imesde query "x" app.log`,
    ],
    ['grep -r x', ['grep', '-r', 'x'], `unknown command 'grep': to look for it, imesde query "x"`],
    [
      'query -r x',
      ['query', '-r', 'x'],
      `unknown option '-r': name the files, imesde query "PHRASE" DIR/*`,
    ],
    ['-e x', ['-e', 'x'], `unknown option '-e': query has it, imesde query -e "x"`],
    ['-c', ['-c'], `unknown option '-c': query has it, imesde query -c`],
    [
      'query -w x',
      ['query', '-w', 'x'],
      `unknown option '-w': query has none, but a live run does, imesde -w "x"`,
    ],
    [
      'a phrase that begins with a dash',
      ['query', '-no space', 'app.log'],
      `unknown option '-o space': for a phrase that begins with a dash, -- before it: imesde query -- "-no space"`,
    ],
    [
      'the same of one word',
      ['query', '-xyz', 'app.log'],
      `unknown option '-xyz': for a phrase that begins with a dash, -- before it: imesde query -- "-xyz"`,
    ],
    [
      'an option that is none',
      ['query', 'x', '--tpo', '3'],
      `unknown option '--tpo' (Did you mean --top?): see imesde query --help`,
    ],
    [
      'an option like no other',
      ['query', 'x', '--databases'],
      `unknown option '--databases': see imesde query --help`,
    ],
  ])('%s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await runImesde(args, 'one\n', { cwd: folder });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `imesde: ${message}\n`,
    });
  });

  it('also where it is hostile', async () => {
    const { stderr } = await runImesde(['a\x1b]0;b\nc'], 'one\n');
    expect(stderr).toMatch(/^imesde: unknown command 'a\\x1b\]0;b c': [^\n\x1b]*\n$/);
  });
});

describe('what such a line says to type works', () => {
  it.each([
    [['query', '-e', '-no space left', 'app.log', '-k', '1']],
    [['query', '-k', '1', '--', '-no space left', 'app.log']],
    [['query', '-k', '1', '--', '-5', 'app.log']],
  ])('%j', async (args) => {
    const { exitCode, stdout, stderr } = await runImesde(args, '', { cwd: folder });
    expect(stderr).toBe('');
    expect(exitCode).toBeLessThan(2);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('without a purpose', () => {
  const nothing =
    /^Usage: imesde [^]*\nimesde: nothing to do: say what to look for, imesde query "PHRASE" or imesde -w "PHRASE"\n$/;

  it.each([
    ['no option', []],
    ['options that give none', ['--json', '-k', '3']],
  ])('help is on stderr: %s', async (_, args) => {
    const { exitCode, stdout, stderr } = await runImesde(args, 'one\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(nothing);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(26);
  });

  it('on a terminal too', async () => {
    const { exitCode, stdout } = await runInTerminal('"$NODE" "$IMESDE" < /dev/null');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(nothing);
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runInTerminal, tiny } from '../helpers/run-imesde.ts';

const flags = tiny.join(' ');

function file(content: string): string {
  const name = path.join(temporaryFolder(), 'input');
  writeFileSync(name, content);
  return name;
}

describe('on a terminal', () => {
  it('the score comes before each line, in colour, and the count after', async () => {
    const script = `"$NODE" "$IMESDE" query x -k 1 ${flags} < ${file('disk 1\ndisk 2\n')}`;
    const env = { TERM: 'xterm', NO_COLOR: undefined };
    const colored = await runInTerminal(script, { env });
    expect(colored.stdout).toMatch(
      /^\x1b\[32m-?\d\.\d{3}\x1b\[39m {2}disk 2 {2}\x1b\[2m×2\x1b\[22m\n$/,
    );
    for (const off of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stdout } = await runInTerminal(script, { env: { ...env, ...off } });
      expect(stdout).toMatch(/^-?\d\.\d{3} {2}disk 2 {2}×2\n$/);
    }
  });

  it('several phrases each have a heading', async () => {
    const script = `"$NODE" "$IMESDE" query -e "a b" -e "c d" -k 1 ${flags} < ${file('one\n')}`;
    const { stdout } = await runInTerminal(script, { env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/^a b:\n.* {2}one\nc d:\n.* {2}one\n$/);
  });

  it.each([
    [
      'phrases that were perhaps meant as one',
      'query db failure',
      'no such file failure: for one phrase, quote it, "db failure"; for a second phrase, -e "failure"',
    ],
  ])('a hint is given at %s', async (_, command, hint) => {
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" ${command} ${flags} < ${file('one\n')}`,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toContain(hint);
  });

  it.each(['query x', '-w x', ''])('standard input must be something else: %s', async (command) => {
    const { exitCode, stdout } = await runInTerminal(`"$NODE" "$IMESDE" ${command} < /dev/tty`);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^Usage: imesde [^]*\nimesde: no input, .*: pipe lines into it\n$/);
  });
});

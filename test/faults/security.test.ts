/** Lines, phrases, names and patterns that mean harm. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { counted, runCounted } from '../helpers/oracle.ts';
import { runInTerminal, startImesde, tiny } from '../helpers/run-imesde.ts';

const flags = tiny.join(' ');

function file(content: string): string {
  const name = path.join(temporaryFolder(), 'input');
  writeFileSync(name, content);
  return name;
}

const hostile = '\x1b]0;title\x07\x1b[31mred\u202edeifitrec\u009b2J\rfake\x00';
const shown = '\\x1b]0;title\\x07\\x1b[31mred\\u202edeifitrec\\x9b2J\\x0dfake\\x00';

describe('36. ESC, OSC, C1, CR and bidi controls on a terminal', () => {
  it.each([
    ['query', 'query x'],
    ['live', '-w x -s -1'],
  ])('in a line: shown, never obeyed: %s', async (_, command) => {
    const script = `"$NODE" "$IMESDE" ${command} ${flags} < ${file(`${hostile}\n`)}`;
    const { exitCode, stdout } = await runInTerminal(script, { env: { NO_COLOR: '1' } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(shown);
    expect(stdout.replaceAll(/[\n\x20-\x7e]/g, '')).toBe('');
  });

  it('in a phrase: shown too', async () => {
    const script = `"$NODE" "$IMESDE" query -e "$PHRASE" -e "c d" -k 1 ${flags} < ${file('one\n')}`;
    const env = { NO_COLOR: '1', PHRASE: 'a \x1b[1m b' };
    const { stdout } = await runInTerminal(script, { env });
    expect(stdout).toContain('a \\x1b[1m b:\n');
    expect(stdout).not.toContain('\x1b');
  });

  it('in the name of a file: shown, never obeyed', async () => {
    const cwd = temporaryFolder();
    const name = '\x1b[31mred.log';
    writeFileSync(path.join(cwd, name), 'disk full\n');
    const { stdout } = await runInTerminal(
      `cd "${cwd}" && "$NODE" "$IMESDE" query -H "disk full" *red.log gone*`,
      { env: { NO_COLOR: '1' } },
    );
    expect(stdout).toContain('\\x1b[31mred.log:disk full');
    expect(stdout).not.toContain('\x1b');
  });
});

describe('37. a secret phrase', () => {
  it('from --phrase-file is in no argument and no variable of any process', async () => {
    const secret = 'the merger with Example Corp';
    const phrases = file(`${secret}\n`);
    const running = startImesde(['-f', phrases, '-s', '-1', '--stats', ...tiny]);
    running.child.stdin.write('one\n');
    await running.until(({ stdout }) => stdout === 'one\n');
    const place = `/proc/${running.child.pid ?? 0}`;
    for (const name of ['cmdline', 'environ', 'comm']) {
      expect(readFileSync(`${place}/${name}`, 'latin1')).not.toContain('merger');
    }
    expect(readFileSync(`${place}/cmdline`, 'latin1')).toContain(phrases);
    running.child.stdin.end();
    expect(counted(await running.result)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('38. regular expressions of users', () => {
  it('take no longer for a pattern and a line that are made for it', async () => {
    const started = performance.now();
    const args = ['query', 'x', '--grep', '(a*)*b', ...tiny];
    const { exitCode } = await runCounted(args, `${'a'.repeat(20_000)}\n`);
    expect(exitCode).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endInstance, startInstance } from '../control/instance.ts';
import { screenOf } from '../control/terminal.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, runInTerminal, type RunResult } from '../helpers/run-imesde.ts';

const colors = { TERM: 'xterm', NO_COLOR: undefined, LC_ALL: 'C.UTF-8' };
const plain = { ...colors, NO_COLOR: '1' };
const long =
  `ERROR [checkout] order ${'4711 '.repeat(20)}given up: could not reach the primary database ` +
  `within the time that was set for it, ${'nothing more '.repeat(6)}`.trimEnd();

function file(content: string): string {
  const name = path.join(temporaryFolder(), 'input');
  writeFileSync(name, content);
  return name;
}

async function onTerminal(
  command: string,
  {
    columns = 80,
    env = plain,
  }: { columns?: number; env?: Record<string, string | undefined> } = {},
): Promise<RunResult> {
  return runInTerminal(`bash -c 'stty cols ${columns}; "$NODE" "$IMESDE" ${command}'`, { env });
}

/** What a terminal of that width shows must be what was written: it broke no row itself. */
function rowsOf(stdout: string, columns: number): string[] {
  const rows = stdout
    .replaceAll(/\x1b\[\d+m/g, '')
    .trimEnd()
    .split('\n');
  expect(screenOf(rows.join('\r\n'), columns)).toEqual(rows);
  return rows;
}

const bold = (stdout: string): string[] =>
  Array.from(stdout.matchAll(/\x1b\[1m(.*?)\x1b\[22m/g), ([, word = '']) => word);

describe('on a terminal', () => {
  it('the words that met are bold without asking, all of them, in whatever case', async () => {
    const name = file('Database DATABASE database2 databases: failure, FAILED\n');
    const { stdout } = await onTerminal(`query "database failure" ${name}`, { env: colors });
    expect(bold(stdout)).toEqual(['Database', 'DATABASE', 'database', 'failure']);
    expect(stdout).not.toContain('whole');
    for (const off of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { stdout: dull } = await onTerminal(`query "database failure" ${name}`, {
        env: { ...colors, ...off },
      });
      expect(dull).not.toContain('\x1b');
    }
  });

  it('they are bold into a pipe with --color always, and the line is as it came', async () => {
    const line = 'the database \x1b[31mfailure\x1b[0m\tof 盘';
    const args = ['query', 'database failure', '--color', 'always'];
    const { stdout } = await runImesde(args, `${line}\n`, { env: colors });
    expect(stdout).toBe(
      'the \x1b[1mdatabase\x1b[22m \x1b[31m\x1b[1mfailure\x1b[22m\x1b[0m\tof 盘\n',
    );
    const json = await runImesde([...args, '--json'], `${line}\n`, { env: colors });
    expect((JSON.parse(json.stdout) as { text: string }).text).toBe(line);
    const watch = ['-w', 'database failure', '--color', 'always'];
    const live = await runImesde(watch, `${line}\n`, { env: colors });
    expect(live.stdout).toBe(stdout);
  });

  it('the colour of a score goes by the threshold', async () => {
    const name = file('database failure\nERROR pool: connection lost\nall is quiet\n');
    const colorsOf = async (args: string): Promise<string[]> => {
      const { stdout } = await onTerminal(`query "database failure" ${args} ${name}`, {
        env: colors,
      });
      return Array.from(stdout.matchAll(/^\x1b\[(\d+)m-?\d\.\d{3}/gm), ([, code = '']) => code);
    };
    expect(await colorsOf('-k 3')).toEqual(['32', '2', '2']);
    const { stdout } = await runImesde(['query', 'database failure', '-k', '1', '--json', name]);
    const { score } = JSON.parse(stdout) as { score: number };
    const justBelow = score - (1 - score) / 10;
    expect(await colorsOf(`-s ${justBelow.toFixed(6)}`)).toEqual(['33']);
  });

  it('a long line is wrapped with a hanging indent, and nothing of it is lost', async () => {
    const name = file(`${long}\n`);
    for (const columns of [40, 80]) {
      const { stdout } = await onTerminal(`query "database failure" ${name}`, { columns });
      const [first = '', ...others] = rowsOf(stdout, columns);
      expect(others.length).toBeGreaterThan(1);
      for (const row of others) expect(row).toMatch(/^ {7}\S/);
      expect([first.slice(7), ...others.map((row) => row.slice(7))].join(' ')).toBe(long);
    }
  });

  it('or cut around what met, with -S', async () => {
    const name = file(`${long}\nshort database failure\n`);
    const { stdout } = await onTerminal(`query -S "database failure" -k 2 ${name}`);
    const rows = rowsOf(stdout, 80).filter((row) => !row.startsWith('─'));
    expect(rows).toHaveLength(2);
    expect(rows.some((row) => /^0\.\d{3} {2}….*database.*…$/.test(row))).toBe(true);
    expect(rows.some((row) => / {2}short database failure$/.test(row))).toBe(true);
    const ascii = await onTerminal(`query -S "database failure" -k 2 ${name}`, {
      env: { ...plain, LC_ALL: 'C' },
    });
    expect(ascii.stdout).toMatch(/^0\.\d{3} {2}\.\.\..*database.*\.\.\.$/m);
  });

  it('no escaped or wide character is broken, wherever the row ends', async () => {
    const text = `database failure ${'\x1b[2J\u202e磁盘已满 '.repeat(20)}`.trimEnd();
    const name = file(`${text}\n`);
    for (const flags of ['', '-S']) {
      const { stdout } = await onTerminal(`query ${flags} "database failure" ${name}`, {
        columns: 61,
        env: colors,
      });
      const rows = stdout.trimEnd().split('\n');
      for (const row of rows) {
        const shown = row.replaceAll(/\x1b\[\d+m/g, '');
        expect(shown).not.toMatch(/[\x1b\u202e]/);
        expect(shown.length + (shown.match(/\p{Script=Han}/gu)?.length ?? 0)).toBeLessThanOrEqual(
          61,
        );
        expect(shown.replaceAll('\\x1b[2J', '').replaceAll('\\u202e', '')).not.toContain('\\');
      }
      if (flags === '-S') expect(rows).toHaveLength(1);
      else expect(rows.length).toBeGreaterThan(4);
    }
  });

  it('why is told in rows that fit', async () => {
    const name = file(`${long}\nsession opened\n`);
    const command = `query --explain -k 2 "database failure, disk full or out of memory" ${name}`;
    const { stdout } = await onTerminal(command, { columns: 50, env: colors });
    const rows = rowsOf(stdout, 50);
    expect(rows.some((row) => /^ {9}as "database failure": database/.test(row))).toBe(true);
    expect(rows.join(' ').replaceAll(/\s+/g, ' ')).toMatch(
      /sum [\d.]+, yardstick [\d.]+: scored 0\.\d{3}/,
    );
  });

  it('an event of several lines ends in how many and when, with a picture of it', async () => {
    const instance = startInstance(['--window', '100']);
    await runImesde(['ask', 'anything', '--fifo', instance.fifo]);
    const write = (text: string): void => void instance.running.child.stdin.write(text);
    for (const round of [1, 8]) {
      for (let i = 0; i < round; i += 1) write(`ERROR database failure ${i}\n`);
      write('session opened for root\n');
      await setTimeout(400);
    }
    const command = `ask "database failure" --fifo ${instance.fifo}`;
    const { stdout } = await onTerminal(command, { columns: 100 });
    const ascii = await onTerminal(command, { columns: 100, env: { ...plain, LC_ALL: 'C' } });
    const narrow = await onTerminal(command, { columns: 50 });
    await endInstance(instance);
    expect(stdout).toMatch(/ {2}ERROR database failure 7 {2}×9 [▂▃]▁+█\n$/);
    expect(ascii.stdout).toMatch(/ {2}×9 [.:]_+#\n$/);
    expect(narrow.stdout).toMatch(/ {2}×9\n$/);
  });
});

import { describe, expect, it } from 'vitest';
import { endInstance, shopLog, startInstance, until } from '../control/instance.ts';
import { logsFolder, runImesde, tiny } from '../helpers/run-imesde.ts';

const shop = `${logsFolder}/shop.log`;
const ask = ['db failure', shop];

interface Printed {
  readonly text: string;
  readonly score: number;
  readonly why?: {
    readonly words: readonly { readonly word: string; readonly met: string }[];
    readonly minScore: number;
    readonly sum: number;
  };
}

function parsed(stdout: string): Printed[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Printed);
}

const keys = (line: Printed | undefined): string[] => Object.keys(line ?? {});

describe('--explain', () => {
  it('says under each line of a query which words met, how strongly, and what was needed', async () => {
    const { exitCode, stdout, stderr } = await runImesde(['query', '--explain', '-k', '1', ...ask]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [line = '', first, second, ...others] = stdout.split('\n');
    expect(line).toContain('database');
    expect(first).toMatch(/^ {4}db ~ database 1\.00, failure ~ \w+ \d\.\d\d; whole -?0\.\d\d$/);
    expect(second).toMatch(
      /^ {4}both tell of trouble; sum \d\.\d\d, yardstick \d\.\d\d: scored 0\.\d{3}, needs 0\.\d\d$/,
    );
    expect(others).toEqual(['']);
  });

  it('is an object in JSON, behind the text', async () => {
    const { stdout } = await runImesde(['query', '--explain', '--json', ...ask]);
    const lines = parsed(stdout);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(keys(line).slice(-2)).toEqual(['text', 'why']);
      expect(line.why!.words.map(({ word }) => word)).toEqual(['db', 'failure']);
      expect(line.score).toBeGreaterThanOrEqual(line.why!.minScore);
      expect(JSON.stringify(line.why)).not.toMatch(/\d\.\d{5}/);
    }
  });

  it('names the threshold that was given, and the lines that stay below it', async () => {
    const { stdout } = await runImesde(['query', '--explain', '--json', '-s', '0.123', ...ask]);
    expect(parsed(stdout).map(({ why }) => why!.minScore)).toEqual(parsed(stdout).map(() => 0.123));
  });

  it('is told of every line with --all', async () => {
    const args = ['query', '--explain', '--all', '--json', ...ask];
    const lines = parsed((await runImesde(args)).stdout);
    expect(lines.length).toBeGreaterThan(5);
    for (const { why } of lines) expect(why!.words).toHaveLength(2);
  });

  it('is the cosine by --rank cosine', async () => {
    const { stdout } = await runImesde(['query', '--explain', '-k', '1', ...tiny, ...ask]);
    expect(stdout).toMatch(/\n {4}cosine of the two texts 0\.\d\d, needs 0\.\d\d\n$/);
  });

  it('is printed for no line unless it is asked for', async () => {
    const plain = await runImesde(['query', ...ask]);
    const explained = await runImesde(['query', '--explain', ...ask]);
    const json = await runImesde(['query', '--json', ...ask]);
    expect(plain.stdout).not.toMatch(/^ {4}/m);
    expect(explained.stdout.replaceAll(/^ {4}.*\n/gm, '')).toBe(plain.stdout);
    expect(keys(parsed(json.stdout)[0])).not.toContain('why');
  });

  it('is told of lines as they come', async () => {
    const args = ['-w', 'db failure', '--explain', '--json'];
    const { stdout } = await runImesde(args, shopLog);
    const lines = parsed(stdout);
    expect(lines.length).toBeGreaterThan(3);
    for (const { score, why } of lines) {
      expect(why!.words[0]).toMatchObject({ word: 'db' });
      expect(why!.minScore).toBe(0.5);
      expect(score).toBeGreaterThanOrEqual(0.5);
    }
    const text = await runImesde(args.slice(0, -1), shopLog);
    expect(text.stdout.match(/^ {4}db ~ .*; whole .*\n {4}.*needs 0\.50$/gm)).toHaveLength(
      lines.length,
    );
  });

  it('is told by a running instance as a query would, to those who ask for it', async () => {
    const instance = startInstance();
    instance.running.child.stdin.write(shopLog);
    const asking = ['ask', 'db failure', '--fifo', instance.fifo];
    await runImesde(asking);
    const queried = await runImesde(['query', '--explain', ...ask]);
    await until(() => true);
    const explained = await runImesde([...asking, '--explain']);
    const json = await runImesde([...asking, '--explain', '--json']);
    const plain = await runImesde([...asking, '--json']);
    await endInstance(instance);
    expect(explained.stdout).toBe(queried.stdout);
    expect(parsed(json.stdout).every(({ why }) => why!.words.length === 2)).toBe(true);
    expect(keys(parsed(plain.stdout)[0])).not.toContain('why');
  });
});

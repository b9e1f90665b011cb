import { describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';
import { createWholeProgram } from '../../src/cli/program.ts';
import { topicNames } from '../../src/cli/help/topic-names.ts';
import { runImesde, runShell } from '../helpers/run-imesde.ts';
import { startInTerminal } from '../control/terminal.ts';

const rows = 24;
const columns = 80;
const program = await createWholeProgram([], () => undefined);
const commandNames = program.commands.map((command) => command.name());

async function helpOf(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runImesde(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => Array.from(line).length));
}

describe('one screen of 24 lines of 80 columns', () => {
  it.each([[['--help']], [['-h']], [['help']], ...topicNames.map((name) => [['help', name]])])(
    '%j',
    async (args) => {
      const text = await helpOf(...args);
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(rows);
      expect(widest(text)).toBeLessThanOrEqual(columns);
      expect(text).toMatch(/\S\n$/);
    },
  );

  it('--help begins with examples, and names every command and topic', async () => {
    const text = await helpOf('--help');
    expect(text.indexOf('Examples:')).toBeLessThan(text.indexOf('Commands:'));
    for (const name of commandNames) expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    for (const name of ['live', ...topicNames]) expect(text).toContain(name);
  });

  it('is the same in a terminal', async () => {
    const running = startInTerminal('"$NODE" "$IMESDE" --help');
    running.child.stdin.end();
    const { stdout } = await running.result;
    expect(stdout.replaceAll('\r\n', '\n')).toBe(await helpOf('--help'));
  });
});

describe('every option is shown', () => {
  it.each([
    ['live', program] as const,
    ...program.commands.map((each) => [each.name(), each] as const),
  ])('in imesde help %s', async (name, command) => {
    const text = await helpOf('help', name);
    for (const { flags, description } of command.options) {
      expect(text).toContain(flags);
      expect(description).not.toBe('');
    }
    expect(widest(text)).toBeLessThanOrEqual(columns);
    if (command !== program) expect(await helpOf(name, '--help')).toBe(text);
  });

  it('and what help speaks of is there', async () => {
    const known = [program, ...program.commands].flatMap(({ options }) =>
      options.flatMap(({ short, long }) => [short, long]),
    );
    for (const topic of ['', ...topicNames]) {
      const text = await helpOf('help', ...(topic === '' ? [] : [topic]));
      // What other programs' options are is theirs.
      const own = text.replaceAll(
        /(tail|journalctl|head|read|jq|kill|set|\[ \$\?) -[^|&;\n]*/g,
        '',
      );
      for (const option of own.match(/(?<=[\s(])--?[a-zA-Z][a-z-]*/g) ?? []) {
        expect([...known, '--help', '-h']).toContain(option);
      }
    }
  });
});

describe('imesde help scoring', () => {
  it('tells the thresholds that hold', async () => {
    const engine = await Engine.open({ rows: 100 });
    const { watchMinScore, questionMinScore } = engine;
    await engine.close();
    const text = await helpOf('help', 'scoring');
    expect(text).toContain(`A watch prints from ${watchMinScore} on`);
    expect(text).toContain(`a question is answered from ${questionMinScore} on`);
  });

  it('explains the five words', async () => {
    const text = await helpOf('help', 'scoring');
    for (const word of ['shape', 'event', 'score', 'window', 'threshold']) {
      expect(text).toMatch(new RegExp(`^  ${word} {2,}\\S`, 'm'));
    }
  });
});

describe('imesde help', () => {
  it('says what was probably meant', async () => {
    const { exitCode, stdout, stderr } = await runImesde(['help', 'scorign']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe("imesde: no help on 'scorign': did you mean scoring?\n");
  });

  it('says what there is', async () => {
    const { exitCode, stderr } = await runImesde(['help', 'everything']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^imesde: no help on 'everything': there is live, scoring, .*query.*\n$/,
    );
  });

  it('of the scripts holds: what is shown for set -e ends well', async () => {
    const line = (await helpOf('help', 'cron')).match(/imesde query "db failure" .*\|\| .*/)?.[0];
    const log = 'test/fixtures/logs/shop.log';
    const { stdout } = await runShell(
      `set -e; ${(line ?? 'false').replace('app.log', `-s 1 ${log}`)}; echo went on`,
    );
    expect(stdout).toBe('went on\n');
  });
});

/** The same input gives the same bytes, whatever the machine does meanwhile. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runImesde } from '../helpers/run-imesde.ts';
import { allLogs, linesOfLog } from '../helpers/sample-logs.ts';
import { seeded } from '../scan/vectors.ts';

/** Lines of the words of the sample logs, each an order that no line before had. */
function shuffledWords(lineCount: number): string {
  const random = seeded(17);
  const words = [...new Set(allLogs().match(/[A-Za-z]{3,}/g))];
  let lines = '';
  for (let i = 0; i < lineCount; i += 1) {
    const line = Array.from(
      { length: 4 + Math.floor(random() * 6) },
      () => words[Math.floor(random() * words.length)]!,
    );
    lines += `${line.join(' ')}\n`;
  }
  return lines;
}

function* inPieces(input: string, bytes: number): Generator<Buffer> {
  const all = Buffer.from(input);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

/** What it prints, but for when lines arrived, which no two runs have in common. */
async function printed(args: readonly string[], input: string, pieceBytes = Infinity) {
  const pieces = pieceBytes === Infinity ? input : inPieces(input, pieceBytes);
  const { exitCode, stdout, stderr } = await runImesde(args, pieces);
  return { exitCode, stderr, stdout: stdout.replaceAll(/"(time|first)":"[^"]*"/g, '"$1":""') };
}

const phrases = [
  'no space left on the disk',
  'somebody could not sign in',
  'lost connection to the database',
  'request took too long',
  'payment refused',
];
const asked = phrases.flatMap((phrase) => ['-e', phrase]);
const watched = phrases.flatMap((phrase) => ['-w', phrase]);

const commands: [name: string, args: string[]][] = [
  ['query', ['query', ...asked, '-k', '20', '--scores']],
  ['query --json', ['query', ...asked.slice(0, 4), '-k', '200', '--json']],
  ['query --all', ['query', ...asked.slice(2, 6), '-k', '300', '--all', '--json']],
  ['a watch of one phrase', ['-w', phrases[1]!, '-s', '0.05', '--scores']],
  ['a watch of five phrases', [...watched, '-s', '0.2', '--json']],
];

describe.each(commands)('%s prints the same bytes', (_, args) => {
  let input: string;
  let reference: Awaited<ReturnType<typeof printed>>;

  beforeAll(async () => {
    const logs = allLogs();
    const half = logs.indexOf('\n', logs.length / 2) + 1;
    input = logs.slice(0, half) + shuffledWords(400) + logs.slice(half);
    reference = await printed([...args, '--workers', '1'], input);
    expect(reference).toMatchObject({ exitCode: 0, stderr: '' });
    expect(reference.stdout.split('\n').length).toBeGreaterThan(10);
  });

  it('with two workers, fewer rows than candidates, and 64 KiB at a time', async () => {
    const run = printed([...args, '--workers', '2', '--rows', '16'], input, 64 * 1024);
    expect(await run).toEqual(reference);
  });

  it('with eight workers, and pieces that end anywhere', async () => {
    const run = printed([...args, '--workers', '8'], input, 4_999);
    expect(await run).toEqual(reference);
  });
});

it.each([commands[0]!, commands[4]!])(
  '%s prints the same bytes for single bytes',
  async (_, args) => {
    const input = `${[...linesOfLog('shop.log').slice(0, 60), ...linesOfLog('auth.log').slice(0, 40)].join('\n')}\n`;
    const whole = await printed(args, input);
    expect(whole.stdout).not.toBe('');
    expect(await printed([...args, '--rows', '16'], input, 1)).toEqual(whole);
  },
);

it('ranks by cosine the same with any number of workers, and as many shapes as rows', async () => {
  const input = allLogs();
  const args = ['query', ...asked.slice(0, 4), '-k', '40', '--json', '--rank', 'cosine'];
  const reference = await printed([...args, '--workers', '1'], input);
  expect(reference).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await printed([...args, '--workers', '8'], input, 4_999)).toEqual(reference);
  const few = [...args, '--rows', '16'];
  const bounded = await printed([...few, '--workers', '1'], input);
  expect(bounded.stderr).toContain('searched the last');
  expect(bounded.stdout.split('\n')).toHaveLength(2 * 16 + 1);
  expect(await printed([...few, '--workers', '2'], input, 4_999)).toEqual(bounded);
});

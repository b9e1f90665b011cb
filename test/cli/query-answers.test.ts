/** Yes or no: a threshold decides what answers, and the exit code goes by it. */
import { describe, expect, it } from 'vitest';
import { logsFolder, runImesde, runInTerminal, startImesde, tiny } from '../helpers/run-imesde.ts';
import { linesOfLog, readLog } from '../helpers/sample-logs.ts';

const shop = readLog('shop.log');
const file = `${logsFolder}/shop.log`;
const phrase = 'no space left on the disk';

function scoresOf(stdout: string): number[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { score: number }).score);
}

describe('a threshold', () => {
  it('decides what is printed where no number is given, up to five events', async () => {
    const { exitCode, stdout } = await runImesde(['query', phrase, '--json'], shop);
    const nearest = await runImesde(['query', phrase, '--json', '-k', '9'], shop);
    const scores = scoresOf(stdout);
    expect(exitCode).toBe(0);
    expect(scores.length).toBeGreaterThan(0);
    expect(scores.length).toBeLessThanOrEqual(5);
    expect(scoresOf(nearest.stdout)).toHaveLength(9);
    expect(scores).toEqual(scoresOf(nearest.stdout).slice(0, scores.length));
    // Where less than five are printed, those that are not do not answer.
    const higher = await runImesde(
      ['query', phrase, '--json', '-s', `${scores[0]! - 0.001}`],
      shop,
    );
    expect(scoresOf(higher.stdout)).toEqual([scores[0]]);
  });

  it('makes the answer no, in silence, though -k prints the nearest', async () => {
    const none = await runImesde(['query', 'penguins in the snow'], shop);
    expect(none).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
    const nearest = await runImesde(['query', 'penguins in the snow', '-k', '2'], shop);
    expect(nearest).toMatchObject({ exitCode: 1, stderr: '' });
    expect(nearest.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('given, holds for what -k prints too', async () => {
    const args = ['query', phrase, '-k', '50', '--json'];
    const all = scoresOf((await runImesde(args, shop)).stdout);
    const middle = (all[3]! + all[4]!) / 2;
    const some = await runImesde([...args, '-s', String(middle)], shop);
    expect(some.exitCode).toBe(0);
    expect(scoresOf(some.stdout)).toEqual(all.filter((score) => score >= middle));
    expect(await runImesde([...args, '-s', '1'], shop)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('is marked on a terminal by a line above what lies below it', async () => {
    const script = `"$NODE" "$IMESDE" query "penguins in the snow" -S -k 2 "${file}"`;
    const none = await runInTerminal(script, { env: { NO_COLOR: '1' } });
    expect(none.exitCode).toBe(1);
    expect(none.stdout).toMatch(/^─+ below [\d.]+: near, but no answer ─+\n0.*\n0.*\n$/);
    const some = await runInTerminal(`"$NODE" "$IMESDE" query "${phrase}" -k 40 "${file}"`, {
      env: { NO_COLOR: '1' },
    });
    expect(some.exitCode).toBe(0);
    const [, above = '', least = '', below = ''] =
      /^([^]+?)─+ below ([\d.]+): .*\n([^]+)$/.exec(some.stdout) ?? [];
    const scores = (text: string): number[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => Number(line.slice(0, 5)));
    expect(Math.min(...scores(above))).toBeGreaterThanOrEqual(Number(least));
    expect(Math.max(...scores(below))).toBeLessThanOrEqual(Number(least));
  });
});

describe('where nothing answers', () => {
  it('a terminal is told the nearest miss and what there is near it', async () => {
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" query "penguins in the snow" "${file}"`,
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^imesde: nothing scored [\d.]+ or more: the nearest was 0\.\d{3}, \S+shop\.log line \d+: 2024-.*\n(imesde: near it there is ×\d+ 2024-.*\n){3}$/,
    );
  });

  it('a live run tells a terminal, and nobody else', async () => {
    const { exitCode, stdout } = await runInTerminal(
      `"$NODE" "$IMESDE" -w "penguins in the snow" < "${file}"`,
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^imesde: nothing scored [\d.]+ or more: the nearest was 0\.\d{3}, line /,
    );
    const piped = await runImesde(['-w', 'penguins in the snow'], shop);
    expect(piped).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
  });
});

describe('-q', () => {
  it('ends at the first line that answers, while input is open', async () => {
    const running = startImesde(['query', '-q', phrase]);
    running.child.stdin.write('all is well\nno space left on the disk\n');
    expect(await running.result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('says no at the end, and yes where query would', async () => {
    const none = await runImesde(['query', '-q', 'penguins in the snow'], shop);
    expect(none).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
    const input = 'volume /srv/media is 98% full\n';
    const [found, quiet] = [
      await runImesde(['query', 'disk full'], input),
      await runImesde(['query', '-q', 'disk full'], input),
    ];
    expect(quiet).toMatchObject({ exitCode: found.exitCode, stdout: '' });
  });
});

describe('all that answers', () => {
  /** More lines of one shape, and more shapes, than a question looks at by itself. */
  const many = [
    ...Array.from({ length: 12_000 }, (_, i) => `disk ${i} is full`),
    ...Array.from(
      { length: 700 },
      (_, i) => `no space left on disk of ${nameOf(i)} ${nameOf(i * 7)}`,
    ),
    ...Array.from({ length: 500 }, (_, i) => `user ${nameOf(i)} signed in`),
  ];

  function nameOf(i: number): string {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    return `${letters[i % 26]!}${letters[Math.floor(i / 26) % 26]!}olo`;
  }

  it('-c counts each line, -m bounds the count, --all prints them', async () => {
    const input = `${many.join('\n')}\n`;
    const counted = await runImesde(['query', '-c', 'disk is full', '-s', '0.01'], input);
    const all = await runImesde(['query', '--all', 'disk is full', '-s', '0.01'], input);
    const lines = all.stdout.trimEnd().split('\n');
    expect(counted).toMatchObject({ exitCode: 0, stdout: `${lines.length}\n`, stderr: '' });
    expect(lines.filter((line) => line.startsWith('no space'))).toHaveLength(700);
    expect(lines.filter((line) => /^disk \d+ is full$/.test(line))).toHaveLength(12_000);
    const bounded = await runImesde(['query', '-c', '-m', '7', 'disk is full'], input);
    expect(bounded.stdout).toBe('7\n');
  });

  it('a line that answers two phrases counts once', async () => {
    const args = ['query', '-c', '-e', 'disk full', '-e', 'disk is full'];
    expect((await runImesde(args, 'disk is full\ndisk is full\nhello\n')).stdout).toBe('2\n');
  });

  it('-c says 0 where nothing answers, and exits 1', async () => {
    const none = await runImesde(['query', '-c', 'penguins in the snow'], shop);
    expect(none).toMatchObject({ exitCode: 1, stdout: '0\n', stderr: '' });
  });

  it('counts the lines that hold a number in the phrase', async () => {
    const input = 'rates cut by 75 points\nrates cut by 50 points\nrates cut by 75 points\n';
    const args = ['query', 'rates cut by 75 points', '--json', '--all', '-k', '3'];
    const scores = scoresOf((await runImesde(args, input)).stdout);
    const between = (scores[1]! + scores[2]!) / 2;
    expect(scores[1]).toBeGreaterThan(scores[2]!);
    const counted = await runImesde(
      ['query', '-c', 'rates cut by 75 points', '-s', `${between}`],
      input,
    );
    expect(counted.stdout).toBe('2\n');
  });
});

it('--sort time prints in the order of the lines, with their ranks', async () => {
  const args = ['query', phrase, '-k', '6', '--json', '--sort', 'time'];
  const { stdout } = await runImesde(args, shop);
  const matches = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { line: number; rank: number; text: string });
  const lines = matches.map(({ line }) => line);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
  expect(matches.map(({ rank }) => rank).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(matches.map(({ text }) => text)).toEqual(lines.map((n) => linesOfLog('shop.log')[n - 1]));
});

it('an unknown order is refused', async () => {
  const { exitCode, stderr } = await runImesde(['query', 'x', '--sort', 'size', ...tiny], 'a\n');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--sort/);
});

/** `imesde -i` in a real terminal: typing, answers, watches above the line, and ways out. */
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { screenOf, startInTerminal } from '../control/terminal.ts';
import { makeTestFifo, shopLog } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runShell, type Running } from '../helpers/run-imesde.ts';

const phrase = 'no space left on the disk';
const full = 'no space left on device';
const prompt = 'imesde> ';

interface Session {
  readonly running: Running;
  readonly type: (keys: string) => void;
  readonly log: (text: string) => void;
  readonly endLog: () => void;
  readonly screen: () => string[];
  /** Resolves when the screen shows it. */
  readonly shows: (text: string) => Promise<void>;
}

/** Runs it between two looks at the terminal's settings. */
async function openSession(args = '', log = shopLog): Promise<Session> {
  const input = makeTestFifo(path.join(temporaryFolder(), 'log'));
  const fd = openSync(input, constants.O_RDWR);
  writeSync(fd, log);
  const running = startInTerminal(
    `stty -g; "$NODE" "$IMESDE" -i ${args} <"$LOG"; echo "code $?"; stty -g`,
    { env: { LOG: input } },
  );
  const screen = (): string[] => screenOf(running.stdout);
  const shows = (text: string): Promise<void> =>
    running.until(() => screen().join('\n').includes(text));
  await shows('/help lists');
  return {
    running,
    screen,
    shows,
    type: (keys) => running.child.stdin.write(keys),
    log: (text) => writeSync(fd, text),
    endLog: () => {
      closeSync(fd);
    },
  };
}

/** How it ended, and whether the terminal is as it was. */
async function outcome({ running, screen }: Session): Promise<{ code: number; restored: boolean }> {
  await running.result;
  const rows = screen().filter((row) => row !== '');
  const settings = rows.filter((row) => /^[0-9a-f]+(:[0-9a-f]+)+$/.test(row));
  const code = rows.find((row) => row.startsWith('code '));
  expect(settings).toHaveLength(2);
  return { code: Number(code?.slice(5)), restored: settings[0] === settings[1] };
}

/** The line being typed: the last row that is not blank. */
function typed(session: Session): string | undefined {
  return session.screen().findLast((row) => row !== '');
}

describe('at the prompt', () => {
  it('a phrase is answered from the stream, which goes on', async () => {
    const session = await openSession();
    await settled(session);
    session.type(`${phrase}\r`);
    await session.shows(full);
    const line = 'FATAL [kraken] a giant squid pulls the ship under';
    session.log(`${line}\n`);
    await settled(session);
    session.type('/top 1\r/search sea monster attacks the vessel\r');
    await session.shows(line);
    session.type('/quit\r');
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });

  it('commands are obeyed', async () => {
    const session = await openSession('-s 0.2');
    session.type('/watch disk full\r');
    await session.shows('watching for: disk full');
    session.type('/status\r');
    await session.running.until(() =>
      /watches +1\n {2}disk full\n/.test(session.screen().join('\n')),
    );
    session.type('/unwatch\r');
    await session.shows('watching for nothing any more');
    session.type('/dance\r');
    await session.shows('/dance is no command');
    session.type('/help\r');
    await session.shows('/exit and Ctrl-D do');
    session.type('/exit\r');
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });

  it('a line can be edited, completed, and called back', async () => {
    const session = await openSession();
    session.type('/ top 3\x01\x1b[C\x1b[3~\r'); // Ctrl-A, right, delete.
    await session.shows('3 matches for each search');
    session.type('/sta\t');
    await session.running.until(() => typed(session)?.trim() === `${prompt}/status`);
    session.type('\x15\x1b[A'); // Ctrl-U, up.
    await session.running.until(() => typed(session) === `${prompt}/top 3`);
    session.type('\x15\x04'); // Ctrl-D.
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });

  it.each([
    ['a short line', 'payment ref'],
    ['a line that wraps', 'payment-refused-by-the-bank-'.repeat(6)],
  ])('watched lines are printed above %s that is being typed', async (_what, text) => {
    const session = await openSession(`-w "${phrase}" -s 0.2`, '');
    session.type(text);
    await session.shows(text.slice(0, 60));
    for (let i = 0; i < 20; i += 1) {
      session.log(`ERROR [images] cannot store upload ${i}: ${full}\n`);
      if (i % 7 === 0) await setTimeout(50);
    }
    await session.shows('upload 19:');
    // The line itself is drawn behind them, a moment later.
    const line = (): string => {
      const all = session.screen();
      return all.slice(all.findIndex((row) => row.startsWith(prompt))).join('');
    };
    await expect.poll(line, { timeout: 30_000 }).toBe(prompt + text);
    const rows = session.screen();
    const uploads = rows.filter((row) => row.includes('cannot store upload'));
    expect(uploads.map((row) => /upload (\d+): /.exec(row)?.[1])).toEqual(
      Array.from({ length: 20 }, (_, i) => String(i)),
    );
    const first = rows.findIndex((row) => row.startsWith(prompt));
    expect(rows.slice(0, first).every((row) => !row.includes('payment'))).toBe(true);
    session.type('\x03\x03'); // Gives up the line, then interrupts.
    expect(await outcome(session)).toEqual({ code: 130, restored: true });
  });

  it('a line that is being typed wraps where the terminal now ends', async () => {
    const session = await openSession(`-w "${phrase}" -s 0.2`, '');
    const pid = await pidOf(session);
    const width = 40;
    await session.running.until(() => typed(session) === prompt.trimEnd());
    const before = session.running.stdout.length;
    await runShell(`stty -F "$(readlink /proc/${pid}/fd/1)" cols ${width}`);
    // It draws its line anew once it has been told; what is typed before wraps as before.
    await session.running.until(({ stdout }) => stdout.slice(before).includes(prompt.trimEnd()));
    const text = 'payment-refused-by-the-bank-'.repeat(3);
    session.type(text);
    await session.running.until(({ stdout }) => screenOf(stdout, width).join('').includes(text));
    for (let i = 0; i < 3; i += 1) session.log(`cannot store upload ${i}: ${full}\n`);
    await session.running.until(({ stdout }) => stdout.includes('upload 2:'));
    const shown = (): string => {
      const rows = screenOf(session.running.stdout, width);
      return rows.slice(rows.findIndex((row) => row.includes('payment'))).join('');
    };
    await expect.poll(shown, { timeout: 30_000 }).toBe(prompt + text);
    session.type('\x03\x03');
    expect(await outcome(session)).toEqual({ code: 130, restored: true });
  });

  it('control characters of lines are shown, not obeyed', async () => {
    const session = await openSession('', 'ERROR \x1b]0;title\x07 \x1b[2J disk full\n');
    await settled(session);
    session.type('disk full\r');
    await session.shows('ERROR \\x1b]0;title\\x07 \\x1b[2J disk full');
    session.type('/quit\r');
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });
});

describe('the terminal is given back', () => {
  it('at the end of input', async () => {
    const session = await openSession();
    session.endLog();
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('after %s', async (signal, code) => {
    const session = await openSession();
    session.type('half a phr');
    process.kill(await pidOf(session), signal);
    expect(await outcome(session)).toEqual({ code, restored: true });
  });

  it('after two signals at once', async () => {
    const session = await openSession();
    const pid = await pidOf(session);
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGINT');
    expect((await outcome(session)).restored).toBe(true);
  });

  it('quietly where it has gone, and nothing is left behind', async () => {
    const folder = temporaryFolder();
    const fifo = path.join(folder, 'ctl');
    const session = await openSession(`--fifo ${fifo} -w "${phrase}" -s -1 2>${folder}/err`);
    session.running.child.kill('SIGKILL');
    while (existsSync(fifo)) await setTimeout(10);
    session.endLog();
    expect(readFileSync(path.join(folder, 'err'), 'utf8')).not.toContain('unexpected');
  });

  it('after -q found what it watched for', async () => {
    const session = await openSession(`-q -w "${phrase}" -s 0.2`, '');
    session.log(`${full}\n`);
    expect(await outcome(session)).toEqual({ code: 0, restored: true });
  });
});

it('tells how near the nearest came where nothing answers, and shows it when asked to', async () => {
  const session = await openSession();
  await settled(session);
  session.type('penguins in the snow\r');
  await session.shows('the nearest scored 0.');
  await session.shows('/top 5 shows it');
  session.type('/top 1\r');
  session.type('penguins in the snow\r');
  await session.shows('near, but no answer');
  session.type('/quit\r');
  expect((await outcome(session)).code).toBe(0);
  session.endLog();
});

describe('without', () => {
  it('a terminal, -i is an error', async () => {
    const { stdout, stderr } = await runShell(
      'echo line | setsid --wait "$NODE" "$IMESDE" -i; echo "code $?"',
    );
    expect(stdout).toBe('code 2\n');
    expect(stderr).toMatch(/^imesde: -i needs a terminal .*\n$/);
  });

  it('a stream, where standard input is the terminal, it prompts until it is left', async () => {
    const running = startInTerminal('"$NODE" "$IMESDE" -i; echo "code $?"');
    const shows = (text: string): Promise<void> =>
      running.until(({ stdout }) => screenOf(stdout).join('\n').includes(text));
    await shows('/help lists');
    running.child.stdin.write(`${phrase}\r`);
    await shows('nothing yet');
    running.child.stdin.write('/quit\r');
    await shows('code 0');
    await running.result;
  });
});

/** Resolves when all that was logged so far is committed. */
async function settled({ type, screen }: Session): Promise<void> {
  const isSettled = /waiting +0\n +in the window +[1-9](?![^]*\/status)/;
  do {
    type('/status\r');
    await setTimeout(300);
  } while (!isSettled.test(screen().join('\n')));
}

async function pidOf({ type, shows, screen }: Session): Promise<number> {
  type('\x15/status\r');
  await shows('lines/s');
  return Number(/^imesde (\d+), up/m.exec(screen().join('\n'))?.[1]);
}

/** What README's picture shows: commands, typed into a real terminal over the sample log. */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import headless from '@xterm/headless';

const repository = fileURLToPath(new URL('../..', import.meta.url));
export const columns = 100;
const rows = 60;
const timeout_ms = 100_000;

/**
 * Runs the commands and shows what they print to a terminal emulator.
 * @returns the rows of its screen: each a command or what came after it, as runs of one style
 * @throws Error where a command prints something else than what is waited for, or hangs
 */
export async function recordSession() {
  const folder = mkdtempSync(path.join(tmpdir(), 'imesde-terminal-'));
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  try {
    const commands = [];
    for (const step of stepsIn(folder)) {
      const first = screen.buffer.active.cursorY;
      await write(screen, `\x1b[1;34m$\x1b[22;39m \x1b[1m${step.command}\x1b[0m\r\n`);
      const output = screen.buffer.active.cursorY;
      await write(screen, await run(folder, step));
      step.after?.();
      if (screen.buffer.active.cursorX > 0) await write(screen, '\r\n');
      commands.push({ first, output, end: screen.buffer.active.cursorY, live: 'act' in step });
      await write(screen, '\r\n');
    }
    if (screen.buffer.active.baseY > 0) throw new Error(`more than ${rows} rows were printed`);
    return commands.map(({ first, output, end, live }) => ({
      live,
      command: rowsOf(screen, first, output),
      output: rowsOf(screen, output, end),
    }));
  } finally {
    screen.dispose();
    rmSync(folder, { recursive: true });
  }
}

/** The log grows while it is watched and after: each command sees it as it is by then. */
function stepsIn(folder) {
  const sample = path.join(repository, 'test/fixtures/logs/shop.log');
  const lines = readFileSync(sample, 'utf8').trimEnd().split('\n');
  const until = (text) => lines.findIndex((line) => line.includes(text)) + 1;
  const log = path.join(folder, 'app.log');
  const add = (from, to) => appendFileSync(log, `${lines.slice(from, to).join('\n')}\n`);
  const filling = until('is 90% full');
  const full = until('no space left');
  add(0, filling);
  return [
    { command: 'imesde query "db failure" app.log' },
    {
      command: 'tail -f app.log | imesde -w "disk is full"',
      // Of the last ten lines that `tail` begins with one answers: then it follows.
      act: async (printed, type) => {
        await printed('90%');
        add(filling, full);
        await printed('space');
        type('\x03');
      },
      after: () => add(full, lines.length),
    },
    { command: 'imesde new --warm-up 150 --sort score -m 3 app.log' },
  ];
}

/** The bytes that a command sends to its terminal, until it ends. */
async function run(folder, { command, act }) {
  const bin = path.join(folder, 'imesde');
  writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${repository}/bin/imesde.js" "$@"\n`);
  chmodSync(bin, 0o755);
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    ...{ SHELL: '/bin/sh', TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  };
  const line = `stty cols ${columns} rows ${rows}; ${command}`;
  const child = spawn('script', ['--quiet', '--command', line, '/dev/null'], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks = [];
  let wake = () => undefined;
  child.stdout.on('data', (chunk) => {
    chunks.push(chunk);
    wake();
  });
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const late = setTimeout(() => child.kill('SIGKILL'), timeout_ms);
  const printed = async (text) => {
    while (!Buffer.concat(chunks).includes(text)) {
      await Promise.race([
        new Promise((resolve) => (wake = resolve)),
        ended.then(() => Promise.reject(new Error(`"${command}" never printed "${text}"`))),
      ]);
    }
  };
  await act?.(printed, (keys) => child.stdin.write(keys));
  await ended;
  clearTimeout(late);
  return Buffer.concat(chunks);
}

async function write(screen, bytes) {
  await new Promise((resolve) => screen.write(bytes, resolve));
}

function rowsOf(screen, first, end) {
  return Array.from({ length: end - first }, (_, i) =>
    runsOf(screen.buffer.active.getLine(first + i)),
  );
}

/** A row as runs of one style, without the blanks at its end. */
function runsOf(line) {
  const width = line.translateToString(true).length;
  const runs = [];
  for (let x = 0; x < width; x += 1) {
    const cell = line.getCell(x);
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last?.style === style) last.text += cell.getChars() || ' ';
    else runs.push({ style, text: cell.getChars() || ' ' });
  }
  return runs;
}

const palette = ['black', 'red', 'green', 'yellow', 'blue'];

/** Names of classes: the colour, `bold`, `dim`. */
function styleOf(cell) {
  const styles = cell.isFgPalette() ? [palette[cell.getFgColor()]] : [];
  if (cell.isBold()) styles.push('bold');
  if (cell.isDim()) styles.push('dim');
  return styles.join(' ');
}

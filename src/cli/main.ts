/** Entry: runs the command line and sets the exit code, here and nowhere else. */
import { Writer } from '../output/writer.ts';
import { ImesdeError } from '../shared/errors.ts';
import { drainMsMax } from '../shared/limits.ts';
import { remedyOf } from '../shared/scarcity.ts';
import { complain } from './complain.ts';
import { leaveHungUpTerminals } from './hang-up.ts';

const failure = 2;

/** Workers have left by then: each ends its batch first. */
const exitMsMax = 5 * drainMsMax;

function fail(message: string): void {
  if (process.exitCode === failure) return; // The first failure is the cause of those that follow.
  process.exitCode = failure;
  complain(message);
}

leaveHungUpTerminals();
process.stderr.on('error', () => undefined); // A closed or full stderr stops no work.
function failUnexpectedly(error: Error): void {
  const remedy = remedyOf(error);
  fail(
    remedy === undefined
      ? `unexpected failure (${error.message}): please report it: ${error.stack ?? ''}`
      : `can't go on (${error.message}): ${remedy}`,
  );
  // Not process.exit() yet: it would abort while a worker is inside the model. Without input the
  // process ends by itself, unless the failure broke just that.
  process.stdin.destroy();
  setTimeout(() => process.exit(failure), exitMsMax).unref();
}

process.on('uncaughtException', failUnexpectedly);

let isDone = false;
// Node ends in silence, and with 0, where nothing is left that could settle what is waited for.
process.on('exit', (code) => {
  if (!isDone && code === 0) fail('it ended before it was done: please report it');
});

/** Help and version; commands that print matches have writers of their own. */
let help: Writer | undefined;

/** Lets a worker leave that was started ahead, and not needed. */
let dismiss: (() => void) | undefined;

const helpFlags = ['--help', '-h'];
/** Commands that never load the model, or not at once, and options with which none is, or another. */
const modelless = ['new', 'digest', 'ask', 'status', 'doctor', 'completion', 'help'];
const modellessFlags = [...helpFlags, '--version', '-V'];

function needsEmbeddedModel(words: readonly string[]): boolean {
  if (process.env['IMESDE_MODEL'] !== undefined) return false;
  if (process.stdin.isTTY && words[0] !== 'query') return false; // It may be given files.
  if (modelless.includes(words[0] ?? '')) return false;
  return !words.some((word) => modellessFlags.includes(word) || word.startsWith('--model'));
}

/** Makes the same of what a shell can't tell apart, or what only some parts of Node mind. */
function settleEnvironment(words: readonly string[]): void {
  const end = words.indexOf('--');
  const options = end === -1 ? words : words.slice(0, end);
  const forHelp = options[0] === 'help' || options.some((word) => helpFlags.includes(word));
  for (const [name, value] of Object.entries(process.env)) {
    // Empty is unset; and help is given whatever the environment says.
    if (name.startsWith('IMESDE_') && (value === '' || forHelp)) {
      Reflect.deleteProperty(process.env, name);
    }
  }
  try {
    process.cwd();
  } catch {
    leaveLostFolder();
  }
}

/** The folder is gone. Here as there, nothing can be made in it. */
function leaveLostFolder(): void {
  for (const folder of ['/proc', '/dev/fd']) {
    try {
      process.chdir(folder);
      return;
    } catch {
      // Not every system has both.
    }
  }
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    'the folder that this runs in is gone: change to another',
  );
}

async function run(): Promise<void> {
  const words = process.argv.slice(2);
  settleEnvironment(words);
  if (needsEmbeddedModel(words)) {
    const { prestartWorker, dismissPrestarted } = await import('../embed/prestart.ts');
    prestartWorker();
    dismiss = dismissPrestarted;
  }
  const { CommanderError } = await import('commander');
  const { createProgram, createWholeProgram } = await import('./program.ts');
  const program = await createProgram(words, (code) => {
    process.exitCode ??= code;
  });
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (text) => {
        help ??= new Writer(process.stdout, () => undefined);
        help.write(text);
      },
    });
  }
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) {
      const { explain } = await import('./mistakes.ts');
      fail(explain(error, await createWholeProgram(words, () => undefined), words));
    }
  }
  await help?.flushed();
}

try {
  await run();
} catch (error) {
  if (error instanceof ImesdeError) fail(error.message);
  else failUnexpectedly(error instanceof Error ? error : new Error(String(error)));
} finally {
  isDone = true;
  dismiss?.();
}

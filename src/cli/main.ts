/** Entry: runs the command line and sets the exit code, here and nowhere else. */
import { CommanderError } from 'commander';
import { escapeControls } from '../output/escape.ts';
import { ImesdeError } from '../shared/errors.ts';
import { createProgram } from './program.ts';

const failure = 2;

function fail(message: string): void {
  process.exitCode = failure;
  process.stderr.write(`imesde: ${escapeControls(message)}\n`);
}

process.stderr.on('error', () => undefined); // A closed or full stderr stops no work.
process.on('uncaughtException', (error) => {
  // Not process.exit(): it would abort while a worker is inside the model.
  fail(`unexpected failure (${error.message}): please report it\n${error.stack ?? ''}`);
  process.stdin.destroy();
});

try {
  await createProgram((code) => {
    process.exitCode ??= code;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) fail(`${error.message.replace(/^error: /, '')}: see imesde --help`);
  } else if (error instanceof ImesdeError) {
    fail(error.message);
  } else {
    throw error;
  }
}

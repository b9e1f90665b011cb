#!/usr/bin/env node
// Before anything is imported: left to itself, Node opens its debugger's port at this signal.
// Commands that read listen with more to tell (src/cli/status-signal.ts).
process.on('SIGUSR1', () => {
  process.stderr.write('imesde: no line read so far\n');
});
// Not a plain import: where a file can't even be opened, that is an error like any other.
import('../dist/cli/main.js').catch((error) => {
  process.exitCode = 2;
  process.stderr.write(`imesde: can't start: ${error.message}\n`);
});

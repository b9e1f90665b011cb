#!/usr/bin/env node
// Not a plain import: where a file can't even be opened, that is an error like any other.
import('../dist/cli/main.js').catch((error) => {
  process.exitCode = 2;
  process.stderr.write(`imesde: can't start: ${error.message}\n`);
});

#!/usr/bin/env node
// Checked before anything is imported, in a file that older Nodes can read too.
const { node } = process.versions;
const [major, minor] = node.split('.').map(Number);
const needed = major === 21 ? '21.7' : '20.12';
const [majorMin, minorMin] = needed.split('.').map(Number);

if (major < majorMin || (major === majorMin && minor < minorMin)) {
  process.exitCode = 2;
  process.stderr.write(`imesde: Node ${node} is too old: run it with Node ${needed} or later\n`);
} else {
  // Left to itself, Node opens its debugger's port at this signal. Commands that read listen with
  // more to tell (src/cli/status-signal.ts).
  process.on('SIGUSR1', () => {
    process.stderr.write('imesde: no line read so far\n');
  });
  // Not a plain import: where a file can't even be opened, that is an error like any other.
  import('../dist/cli/main.js').catch((error) => {
    const isShort = error.code === 'EMFILE' || error.code === 'ENFILE';
    const remedy = isShort ? 'let more files be open, with ulimit -n 256' : 'install it again';
    process.exitCode = 2;
    process.stderr.write(`imesde: can't start (${error.message.split('\n')[0]}): ${remedy}\n`);
  });
}

/** A NATS server for a bench: one that is installed, or what the tests have taken into a folder. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

function findProgram() {
  const taken = path.join(tmpdir(), `imesde-test-nats-${process.geteuid()}`);
  const places = [
    ...process.env.PATH.split(':').map((folder) => path.join(folder, 'nats-server')),
    path.join(taken, 'pypi/py/bin/nats-server'),
    path.join(taken, 'debian/usr/sbin/nats-server'),
  ];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error('no nats-server: apt-get install nats-server, or run the tests first');
}

/** @returns its URL, and what ends it */
export async function startServer(folder) {
  const ports = mkdtempSync(path.join(folder, 'ports-'));
  const args = ['-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', ports];
  const child = spawn(findProgram(), [...args, '-js', '-sd', path.join(folder, 'store')], {
    stdio: 'ignore',
  });
  for (;;) {
    const [file] = readdirSync(ports);
    const text = file === undefined ? '' : readFileSync(path.join(ports, file), 'utf8');
    if (text.endsWith('}')) return { url: JSON.parse(text).nats[0], stop: () => child.kill() };
    if (child.exitCode !== null) throw new Error('nats-server ended');
    await setTimeout(10);
  }
}

/** README's examples: the very text that a reader copies, run against streams of our own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { imesdePath, nodePath, repository, Running } from '../helpers/run-imesde.ts';

export interface Example {
  readonly script: string;
  /** What README shows below it. */
  readonly output: string;
}

/** An example of test/examples, which README must hold word for word, with its output below it. */
export function readExample(name: string): Example {
  const script = readFileSync(path.join(repository, 'test/examples', `${name}.sh`), 'utf8');
  const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
  const block = `\`\`\`sh\n${script}\`\`\`\n`;
  const [, below] = readme.split(block);
  if (below === undefined) throw new Error(`README.md does not show ${name}.sh`);
  const [, output = ''] = /```\n([^]*?)```/.exec(below) ?? [];
  return { script, output };
}

/** Starts a script as a session of its own, which ends with the test. */
export function startExample(script: string, cwd: string): Running {
  const bin = temporaryFolder();
  const command = path.join(bin, 'imesde');
  writeFileSync(command, `#!/bin/sh\nexec "${nodePath}" "${imesdePath}" "$@"\n`);
  chmodSync(command, 0o755);
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const running = new Running('setsid', ['bash', '-c', script], { cwd, env });
  running.pipeIn('');
  onTestFinished(() => {
    try {
      process.kill(-running.child.pid!, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  });
  return running;
}

/** A server of this machine, until the test ends. Returns its address. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Whether this machine has what an example needs beside imesde. */
export function installed(...tools: readonly string[]): boolean {
  return tools.every((tool) => {
    try {
      execFileSync('which', [tool], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

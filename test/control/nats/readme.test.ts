/** README's fleet, as somebody types it who tries it on one machine. */
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/model-folder.ts';
import { describeWithNats, natsPrograms } from '../../helpers/nats-server.ts';
import { shownCommands } from '../../helpers/readme.ts';
import { repository, runShell } from '../../helpers/run-imesde.ts';
import { noNats } from './fleet.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `nats-server` as a shell finds it, but that it listens where nothing else does. */
function folderOfPrograms(program: string, port: number): string {
  const folder = temporaryFolder();
  const file = path.join(folder, 'nats-server');
  writeFileSync(file, `#!/bin/sh\nexec '${program}' -p ${port} "$@"\n`);
  chmodSync(file, 0o700);
  return folder;
}

/** What people wait for by looking: both instances have joined, and have read what there is. */
const settled = `
  until imesde status --fleet --json > status.log 2> /dev/null &&
    [ "$(grep -Ec '"read":(309|273),"waiting":0,' status.log)" = 2 ]; do sleep 0.1; done`;

describeWithNats('README', await natsPrograms(), (program) => {
  it('shows a fleet in five commands, which do what it says', async () => {
    const commands = shownCommands('A fleet');
    expect(commands.map(({ command }) => command.split(' ')[0])).toEqual([
      ...['nats-server', 'tail', 'tail'],
      ...['imesde', 'imesde'],
    ]);
    const port = await freePort();
    const typed = commands.map(({ command }) =>
      command.replace('NATS_URL=127.0.0.1', `NATS_URL=127.0.0.1:${port}`),
    );
    const folder = temporaryFolder();
    symlinkSync(path.join(repository, 'test'), path.join(folder, 'test'));
    const script = [
      'set -m',
      `trap 'for job in $(jobs -p); do kill -- -"$job"; done; wait' EXIT`,
      ...typed.slice(0, 3),
      settled,
      typed[3],
      'echo ====',
      typed[4],
    ].join('\n');
    const { stdout, exitCode } = await runShell(script, {
      cwd: folder,
      env: { ...noNats, PATH: `${folderOfPrograms(program, port)}:${process.env['PATH'] ?? ''}` },
    });
    const [answer = '', status = ''] = stdout.split('====\n');
    expect(exitCode).toBe(0);
    expect(answer).toBe(`${commands[3]!.printed.join('\n')}\n`);
    // Times, rates and memory are another machine's; the columns are as wide as these.
    const shape = (text: string): string => text.replaceAll(/\d+/g, '0').replaceAll(/ +/g, ' ');
    expect(shape(status)).toBe(shape(`${commands[4]!.printed.join('\n')}\n`));
    expect(status).toMatch(/^web-1 .* 309 .*\nweb-2 .* 273 /m);
  });
});

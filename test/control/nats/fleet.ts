/** Instances of a fleet for tests: each real, with a control FIFO of its own beside the bus. */
import { setTimeout } from 'node:timers/promises';
import type { NatsServer } from '../../helpers/nats-server.ts';
import { runImesde, type RunOptions, type RunResult } from '../../helpers/run-imesde.ts';
import { startInstance, TestAsker, type Instance } from '../instance.ts';

export interface MemberOptions {
  readonly server: Pick<NatsServer, 'url'>;
  readonly name: string;
  readonly text: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface FleetMember extends Instance {
  readonly name: string;
  readonly fifoAsker: TestAsker;
}

/** What the nats CLI would use must not change what a test sees. */
export const noNats: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('NATS_'))
      .map((name) => [name, undefined]),
  ),
  XDG_CONFIG_HOME: '/nonexistent',
};

/** Starts an instance, with its standard input open, and waits until it has committed all of a text. */
export async function startMember(options: MemberOptions): Promise<FleetMember> {
  const { server, name, text, args = [], env } = options;
  const instance = startInstance(['--fleet', '--name', name, ...args], {
    env: { ...noNats, NATS_URL: server.url, ...env },
  });
  instance.running.child.stdin.write(text);
  const fifoAsker = new TestAsker(instance.fifo);
  const lineCount = text.split('\n').length - 1;
  for (;;) {
    const [status] = await fifoAsker.ask({ op: 'status' });
    const { read, waiting } = status?.['lines'] as { read: number; waiting: number };
    if (read === lineCount && waiting === 0) break;
    await setTimeout(20);
  }
  return { ...instance, name, fifoAsker };
}

export async function endMembers(members: readonly FleetMember[]): Promise<void> {
  for (const { running, fifoAsker } of members) {
    fifoAsker.close();
    running.child.kill('SIGCONT');
    running.child.stdin.end();
  }
  await Promise.all(members.map(({ running }) => running.result));
}

/** Runs `imesde` against a fleet. */
export async function runWithFleet(
  server: Pick<NatsServer, 'url'>,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const env = { ...noNats, NATS_URL: server.url, ...options.env };
  return await runImesde(args, '', { ...options, env });
}

/** Resolves when so many have joined. */
export async function joined(server: Pick<NatsServer, 'url'>, count: number): Promise<void> {
  for (;;) {
    const args = ['status', '--fleet', '--json', '--timeout', '5s'];
    const { stdout } = await runWithFleet(server, args);
    if (stdout.split('\n').length - 1 >= count) return;
    await setTimeout(50);
  }
}

export type Line = Readonly<Record<string, unknown>>;

export function linesOf(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line);
}

/** Lines from a JetStream stream: nothing is lost, whoever dies; what comes twice is counted. */
import { setTimeout } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  describeWithNats,
  natsPrograms,
  startNats,
  type NatsServer,
} from '../../helpers/nats-server.ts';
import {
  countsOf,
  oracleGap,
  runImesde,
  shellCode,
  startImesde,
  tiny,
  type Running,
  type RunResult,
} from '../../helpers/run-imesde.ts';
import { noNats } from './fleet.ts';

const programs = await natsPrograms();
const ackWaitMs = 2_000;
const nanosAMs = 1_000_000;
/** Every line answers. */
const everyLine = ['-w', 'x', '-s', '-1', ...tiny];
const kills = process.env['IMESDE_STRESS'] === '1' ? 12 : 4;

describeWithNats('a stream', programs, (program) => {
  let server: NatsServer;
  let client: NatsConnection;
  let manager: JetStreamManager;
  let stream = '';
  let streamCount = 0;
  let published = 0;
  const running: Running[] = [];

  beforeAll(async () => {
    server = await startNats(program, { jetStream: true });
    client = await connect({
      servers: server.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
    manager = await jetstreamManager(client);
  });

  beforeEach(async () => {
    streamCount += 1;
    stream = `LOGS${streamCount}`;
    published = 0;
    await manager.streams.add({ name: stream, subjects: [`${stream}.>`] });
    await addConsumer('imesde');
  });

  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL');
      await one.result;
    }
    await manager.streams.delete(stream);
  });

  afterAll(async () => {
    await client.close();
  });

  const addConsumer = (name: string, more: object = {}): Promise<unknown> =>
    manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: 'explicit',
      ack_wait: ackWaitMs * nanosAMs,
      max_ack_pending: 1_000,
      ...more,
    });

  /** Each line can be told from every other. */
  const publish = async (messages: number, linesEach: number, told = ''): Promise<void> => {
    const js = jetstream(client);
    for (let i = 0; i < messages; i += 1) {
      const lines = Array.from({ length: linesEach }, () =>
        `line #${(published += 1)} ${told}`.trim(),
      );
      await js.publish(`${stream}.a`, lines.join('\n'));
    }
  };

  const args = (more: readonly string[] = everyLine): string[] => [
    '--stream',
    stream,
    '--consumer',
    'imesde',
    '--stats',
    ...more,
  ];

  const env = (): Record<string, string | undefined> => ({ ...noNats, NATS_URL: server.url });

  const start = (more?: readonly string[], fault?: string, acks = 0): Running => {
    const one = startImesde(args(more), {
      env: { ...env(), ACKS_BEFORE_DEATH: String(acks) },
      ...(fault !== undefined && { fault }),
    });
    running.push(one);
    return one;
  };

  const pendingOf = async (): Promise<{ unread: number; unacked: number; redelivered: number }> => {
    const info = await manager.consumers.info(stream, 'imesde');
    return {
      unread: info.num_pending,
      unacked: info.num_ack_pending,
      redelivered: info.num_redelivered,
    };
  };

  const allAcked = async (): Promise<void> => {
    for (;;) {
      const { unread, unacked } = await pendingOf();
      if (unread === 0 && unacked === 0) return;
      await setTimeout(50);
    }
  };

  /** Ends those that still run, and tells what became of each line. */
  const outcome = async (
    results: readonly RunResult[],
    alive: readonly Running[],
  ): Promise<{ lost: number; duplicated: number; redelivered: number }> => {
    for (const { child } of alive) child.kill('SIGTERM');
    const ended = await Promise.all(alive.map(({ result }) => result));
    for (const result of ended) {
      expect(shellCode(result)).toBe(143);
      // One that was only starting ended by the signal itself.
      if (result.stderr !== '') expect(oracleGap(result.stderr)).toBe(0);
      else expect(result.stdout).toBe('');
    }
    const told = [...results, ...ended].flatMap(({ stdout }) =>
      // Of one that was killed the last line may be half of one.
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => /#(\d+)/.exec(line)?.[1]),
    );
    const unique = new Set(told);
    const redelivered = ended.reduce(
      (sum, { stderr }) => sum + Number(/(\d+) lines redelivered/.exec(stderr)?.[1] ?? 0),
      0,
    );
    return { lost: published - unique.size, duplicated: told.length - unique.size, redelivered };
  };

  it.each([50, 1])(
    `loses nothing in ${kills} kills, with %i lines a message`,
    async (linesEach) => {
      const alive = [start(), start(), start()];
      const dead: RunResult[] = [];
      const publishing = (async () => {
        for (let i = 0; i < kills * 10; i += 1) {
          await publish(40, linesEach);
          await setTimeout(40);
        }
      })();
      for (let i = 0; i < kills; i += 1) {
        await setTimeout(700);
        const victim = alive.shift()!;
        victim.child.kill('SIGKILL');
        dead.push(await victim.result);
        alive.push(start());
      }
      await publishing;
      await allAcked();
      const { lost, duplicated, redelivered } = await outcome(dead, alive);
      expect(published).toBe(kills * 400 * linesEach);
      expect(lost).toBe(0);
      expect(duplicated).toBeLessThanOrEqual(redelivered);
    },
  );

  it('loses nothing where one dies exactly between commit and acknowledgement', async () => {
    await publish(30, 50);
    const dying = start(everyLine, 'die-before-ack.mjs', 7);
    const dead = await dying.result;
    expect(dead.signal).toBe('SIGKILL');
    expect(dead.stdout).not.toBe('');
    const other = start();
    await allAcked();
    const { lost, duplicated, redelivered } = await outcome([dead], [other]);
    expect(lost).toBe(0);
    expect(duplicated).toBeGreaterThanOrEqual(50);
    expect(redelivered).toBeGreaterThanOrEqual(duplicated);
  });

  it('counts what comes again after a pause that was longer than the server waits', async () => {
    const alive = [start(), start()];
    await publish(40, 25);
    // Whoever came first.
    let frozen: Running | undefined;
    while ((frozen = alive.find(({ stdout }) => stdout !== '')) === undefined) await setTimeout(5);
    frozen.child.kill('SIGSTOP');
    await publish(40, 25);
    await setTimeout(ackWaitMs * 1.5);
    frozen.child.kill('SIGCONT');
    await allAcked();
    const { lost, duplicated, redelivered } = await outcome([], alive);
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(redelivered);
  });

  it('acknowledges nothing that standard output has not taken, and has none of it come again', async () => {
    await publish(100, 50, 'x'.repeat(60));
    const blocked = start();
    blocked.child.stdout.pause();
    while ((await pendingOf()).unread === 100) await setTimeout(50);
    await setTimeout(ackWaitMs * 1.5);
    const during = await pendingOf();
    // The pipes hold some of it; what is beyond is held.
    expect(during.unacked).toBeGreaterThan(30);
    expect(during.redelivered).toBe(0);
    blocked.child.stdout.resume();
    await allAcked();
    const { lost, duplicated } = await outcome([], [blocked]);
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  it('keeps what it holds from coming again while the model reads it for long', async () => {
    const words = (i: number): string =>
      Array.from(
        { length: 5 },
        (_, at) => 'abcdefghij'[Math.floor(i / 10 ** at) % 10]!.repeat(3) + 'orum',
      ).join(' ');
    for (let i = 0; i < 2_500; i += 50) {
      const lines = Array.from({ length: 50 }, (_, at) => `${words(i + at)} #${(published += 1)}`);
      await jetstream(client).publish(`${stream}.a`, lines.join('\n'));
    }
    const one = start(['-w', 'x', '-s', '-1', '--rank', 'cosine', '--workers', '1']);
    await allAcked();
    const { redelivered: everRedelivered } = await pendingOf();
    const { lost, duplicated, redelivered } = await outcome([], [one]);
    expect({ lost, duplicated, redelivered, everRedelivered }).toEqual({
      lost: 0,
      duplicated: 0,
      redelivered: 0,
      everRedelivered: 0,
    });
  });

  it('stops at a signal with all acknowledged that it told, and gives back the rest at once', async () => {
    await publish(1_500, 50, 'y'.repeat(50));
    const first = start();
    await first.until(({ stdout }) => stdout.length > 50_000);
    first.child.kill('SIGTERM');
    const ended = await first.result;
    expect(shellCode(ended)).toBe(143);
    expect(oracleGap(ended.stderr)).toBe(0);
    const second = start();
    const started = performance.now();
    await allAcked();
    expect(performance.now() - started).toBeLessThan(60_000);
    const { lost, duplicated } = await outcome([ended], [second]);
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  it('reads on where its server was killed, and loses nothing', async () => {
    const one = start();
    await publish(20, 20);
    await one.until(({ stdout }) => stdout !== '');
    await server.kill();
    await setTimeout(500);
    await server.start();
    while (
      !(await publish(20, 20).then(
        () => true,
        () => false,
      ))
    )
      await setTimeout(100);
    await allAcked();
    const { lost } = await outcome([], [one]);
    expect(lost).toBe(0);
  });

  it('ends after one line with -m 1, and leaves the rest to others', async () => {
    await publish(20, 1);
    const { exitCode, stdout } = await runImesde([...args(), '-m', '1'], '', { env: env() });
    expect({ exitCode, lines: stdout.split('\n').length }).toEqual({ exitCode: 0, lines: 2 });
    const other = start();
    await allAcked();
    const { lost } = await outcome([{ exitCode, stdout, stderr: '', signal: undefined }], [other]);
    expect(lost).toBe(0);
  });

  it('joins what belongs together within a message, and never messages', async () => {
    const js = jetstream(client);
    const messages = [
      Buffer.from([0xff, 0xfe, 0x41, 0x00]),
      'ERROR a failed\n    at one\n    at two',
      '    at three',
      '',
      'last\r\n\nreally\n',
    ];
    for (const message of messages) await js.publish(`${stream}.a`, message);
    const one = start([...everyLine, '--json']);
    await allAcked();
    one.child.kill('SIGTERM');
    const { stdout, stderr } = await one.result;
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { line: number; text: string });
    expect(told.map(({ line, text }) => [line, text.replaceAll('\u0000', '')])).toEqual([
      [1, '\ufffdA'],
      [2, 'ERROR a failed\n    at one\n    at two'],
      [5, '    at three'],
      [7, 'last'],
      [9, 'really'],
    ]);
    expect(countsOf(stderr)).toMatchObject({ read: 7, waiting: 0, empty: 2 });
  });

  it('tells in its status how many lines came again', async () => {
    await publish(3, 5);
    const consumer = await manager.jetstream().consumers.get(stream, 'imesde');
    for await (const message of await consumer.fetch({ max_messages: 3, expires: 1_000 }))
      message.nak();
    const one = start([...everyLine, '--fleet', '--name', 'web-1']);
    await allAcked();
    const status = async (): Promise<string> =>
      (await runImesde(['status', '--fleet', '--json'], '', { env: env() })).stdout;
    let told = '';
    while ((told = await status()) === '') await setTimeout(50);
    const { lines } = JSON.parse(told) as { lines: object };
    expect(lines).toMatchObject({ read: 15, redelivered: 15 });
    one.child.kill('SIGTERM');
    await one.result;
  });

  it.each([
    ['none', { ack_policy: 'none', ack_wait: undefined }, 'does not take explicit acks'],
    ['all', { ack_policy: 'all' }, 'does not take explicit acks'],
    ['soon', { ack_wait: 100 * nanosAMs }, 'redelivers after 100 ms, too soon'],
    ['once', { max_deliver: 1 }, 'delivers once, so that what a process holds dies with it'],
    ['pushed', { deliver_subject: 'somewhere' }, 'is pushed to a subject, not pulled'],
  ])('refuses a consumer that would lose lines: %s', async (name, more, problem) => {
    await addConsumer(name, more);
    const refused = await runImesde(['--stream', stream, '--consumer', name, ...everyLine], '', {
      env: env(),
    });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toBe(
      `imesde: the consumer ${name} of ${stream} ${problem}: make one, nats consumer add ${stream} ${name}-imesde ` +
        '--pull --ack explicit --wait 60s --max-pending 1000 --defaults\n'.replace(
          'delivers once',
          '',
        ),
    );
  });

  it.each([
    [
      ['--stream', 'NONE', '--consumer', 'c'],
      'there is no stream NONE: make it, nats stream add NONE',
    ],
    [['--stream', 'logs.>', '--consumer', 'c'], 'a subject has no memory'],
    [['--stream', 'NONE'], '--stream and --consumer belong together'],
    [['--stream', 'NONE', '--consumer', 'c', '-F', 'x.log'], '--stream is read in place of files'],
    [
      ['--stream', 'NONE', '--consumer', 'c', '--state', 'x'],
      '--state keeps where reading of files ended',
    ],
  ])('refuses %j', async (words, message) => {
    const refused = await runImesde([...words, ...everyLine], '', { env: env() });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^imesde: [^\n]+\n$/);
    expect(refused.stderr).toContain(message);
    const missing = await runImesde(['--stream', stream, '--consumer', 'c', ...everyLine], '', {
      env: env(),
    });
    expect(missing.stderr).toContain(
      `the consumer c of ${stream} is not there: make one, nats consumer add`,
    );
  });

  it('waits for a server that is not there, and ends at a signal', async () => {
    const one = startImesde(args(), { env: { ...noNats, NATS_URL: '127.0.0.1:1' } });
    running.push(one);
    await one.until(({ stderr }) => stderr.includes('reads when it comes'));
    one.child.kill('SIGTERM');
    expect(shellCode(await one.result)).toBe(143);
  });
});

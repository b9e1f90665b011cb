/** Lines from a JetStream stream: nothing is lost, whoever dies; what comes twice is counted. */
import { setTimeout } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { describeWithNats, natsPrograms } from '../../helpers/nats-server.ts';
import {
  countsOf,
  oracleGap,
  runImesde,
  shellCode,
  startImesde,
  type Running,
} from '../../helpers/run-imesde.ts';
import { noNats } from './fleet.ts';
import { ackWaitMs, everyLine, killInTurn, nanosAMs, useStream } from './streams.ts';

const programs = await natsPrograms();

describeWithNats('a stream', programs, (program) => {
  const rig = useStream(program);

  it('loses nothing in 4 kills', async () => {
    expect((await killInTurn(rig, 4, 50)).lost).toBe(0);
  });

  it('loses nothing where one dies exactly between commit and acknowledgement', async () => {
    await rig.publish(30, 50);
    const dying = rig.start(everyLine, 'die-before-ack.mjs', 7);
    const dead = await dying.result;
    expect(dead.signal).toBe('SIGKILL');
    expect(dead.stdout).not.toBe('');
    const other = rig.start();
    await rig.allAcked();
    const { lost, duplicated, redelivered } = await rig.outcome([dead], [other]);
    expect(lost).toBe(0);
    expect(duplicated).toBeGreaterThanOrEqual(50);
    expect(redelivered).toBeGreaterThanOrEqual(duplicated);
  });

  it('counts what comes again after a pause that was longer than the server waits', async () => {
    const alive = [rig.start(), rig.start()];
    await rig.publish(40, 25);
    // Whoever came first.
    let frozen: Running | undefined;
    while ((frozen = alive.find(({ stdout }) => stdout !== '')) === undefined) await setTimeout(5);
    frozen.child.kill('SIGSTOP');
    await rig.publish(40, 25);
    await setTimeout(ackWaitMs * 1.5);
    frozen.child.kill('SIGCONT');
    await rig.allAcked();
    const { lost, duplicated, redelivered } = await rig.outcome([], alive);
    expect(lost).toBe(0);
    expect(duplicated).toBeLessThanOrEqual(redelivered);
  });

  it('acknowledges nothing that standard output has not taken, and has none of it come again', async () => {
    await rig.publish(100, 50, 'x'.repeat(60));
    const blocked = rig.start();
    blocked.child.stdout.pause();
    while ((await rig.pendingOf()).unread === 100) await setTimeout(50);
    await setTimeout(ackWaitMs * 1.5);
    const during = await rig.pendingOf();
    // The pipes hold some of it; what is beyond is held.
    expect(during.unacked).toBeGreaterThan(30);
    expect(during.redelivered).toBe(0);
    blocked.child.stdout.resume();
    await rig.allAcked();
    const { lost, duplicated } = await rig.outcome([], [blocked]);
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  it('keeps what it holds from coming again while the model reads it for long', async () => {
    const words = (i: number): string =>
      Array.from(
        { length: 5 },
        (_, at) => 'abcdefghij'[Math.floor(i / 10 ** at) % 10]!.repeat(3) + 'orum',
      ).join(' ');
    for (let i = 0; i < 2_500; i += 50) {
      const lines = Array.from({ length: 50 }, (_, at) => `${words(i + at)} #${rig.nextNumber()}`);
      await jetstream(rig.client).publish(`${rig.stream}.a`, lines.join('\n'));
    }
    const one = rig.start(['-w', 'x', '-s', '-1', '--rank', 'cosine', '--workers', '1']);
    await rig.allAcked();
    const { redelivered: everRedelivered } = await rig.pendingOf();
    const { lost, duplicated, redelivered } = await rig.outcome([], [one]);
    expect({ lost, duplicated, redelivered, everRedelivered }).toEqual({
      lost: 0,
      duplicated: 0,
      redelivered: 0,
      everRedelivered: 0,
    });
  });

  it('stops at a signal with all acknowledged that it told, and gives back the rest at once', async () => {
    await rig.publish(1_500, 50, 'y'.repeat(50));
    const first = rig.start();
    await first.until(({ stdout }) => stdout.length > 50_000);
    first.child.kill('SIGTERM');
    const ended = await first.result;
    expect(shellCode(ended)).toBe(143);
    expect(oracleGap(ended.stderr)).toBe(0);
    const second = rig.start();
    const started = performance.now();
    await rig.allAcked();
    expect(performance.now() - started).toBeLessThan(60_000);
    const { lost, duplicated } = await rig.outcome([ended], [second]);
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
  });

  it('reads on where its server was killed, and loses nothing', async () => {
    const one = rig.start();
    await rig.publish(20, 20);
    await one.until(({ stdout }) => stdout !== '');
    await rig.server.kill();
    await setTimeout(500);
    await rig.server.start();
    // What is published before that is not stored, and its lines would be missed.
    const isBack = (): Promise<boolean> =>
      rig.pendingOf().then(
        () => true,
        () => false,
      );
    while (!(await isBack())) await setTimeout(100);
    await rig.publish(20, 20);
    await rig.allAcked();
    const { lost } = await rig.outcome([], [one]);
    expect(lost).toBe(0);
  });

  it('ends after one line with -m 1, and leaves the rest to others', async () => {
    await rig.publish(20, 1);
    const { exitCode, stdout } = await runImesde([...rig.args(), '-m', '1'], '', {
      env: rig.env(),
    });
    expect({ exitCode, lines: stdout.split('\n').length }).toEqual({ exitCode: 0, lines: 2 });
    const other = rig.start();
    await rig.allAcked();
    const { lost } = await rig.outcome(
      [{ exitCode, stdout, stderr: '', signal: undefined }],
      [other],
    );
    expect(lost).toBe(0);
  });

  it('joins what belongs together within a message, and never messages', async () => {
    const js = jetstream(rig.client);
    const messages = [
      Buffer.from([0xff, 0xfe, 0x41, 0x00]),
      'ERROR a failed\n    at one\n    at two',
      '    at three',
      '',
      'last\r\n\nreally\n',
    ];
    for (const message of messages) await js.publish(`${rig.stream}.a`, message);
    const one = rig.start([...everyLine, '--json']);
    await rig.allAcked();
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
    await rig.publish(3, 5);
    const consumer = await rig.manager.jetstream().consumers.get(rig.stream, 'imesde');
    for await (const message of await consumer.fetch({ max_messages: 3, expires: 1_000 }))
      message.nak();
    const one = rig.start([...everyLine, '--fleet', '--name', 'web-1']);
    await rig.allAcked();
    const status = async (): Promise<string> =>
      (await runImesde(['status', '--fleet', '--json'], '', { env: rig.env() })).stdout;
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
    await rig.addConsumer(name, more);
    const refused = await runImesde(
      ['--stream', rig.stream, '--consumer', name, ...everyLine],
      '',
      {
        env: rig.env(),
      },
    );
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toBe(
      `imesde: the consumer ${name} of ${rig.stream} ${problem}: make one, nats consumer add ${rig.stream} ${name}-imesde ` +
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
    const refused = await runImesde([...words, ...everyLine], '', { env: rig.env() });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^imesde: [^\n]+\n$/);
    expect(refused.stderr).toContain(message);
    const missing = await runImesde(['--stream', rig.stream, '--consumer', 'c', ...everyLine], '', {
      env: rig.env(),
    });
    expect(missing.stderr).toContain(
      `the consumer c of ${rig.stream} is not there: make one, nats consumer add`,
    );
  });

  it('waits for a server that is not there, and ends at a signal', async () => {
    const one = startImesde(rig.args(), { env: { ...noNats, NATS_URL: '127.0.0.1:1' } });
    rig.running.push(one);
    await one.until(({ stderr }) => stderr.includes('reads when it comes'));
    one.child.kill('SIGTERM');
    expect(shellCode(await one.result)).toBe(143);
  });
});

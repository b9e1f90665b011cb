/** Instances that die, hang, flood or lie: who did not answer is named, and nobody waits for long. */
import { setTimeout } from 'node:timers/promises';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  describeWithNats,
  natsPrograms,
  startNats,
  type NatsServer,
} from '../../helpers/nats-server.ts';
import { runInTerminal, tiny, type RunResult } from '../../helpers/run-imesde.ts';
import { shopLog } from '../instance.ts';
import {
  endMembers,
  joined,
  linesOf,
  noNats,
  runWithFleet,
  startMember,
  type FleetMember,
} from './fleet.ts';

const programs = await natsPrograms();
const never = ['-s', '0.999'];

describeWithNats(
  'a fleet with faults',
  programs,
  (program) => {
    let server: NatsServer;
    const members: FleetMember[] = [];
    const clients: NatsConnection[] = [];

    beforeAll(async () => {
      server = await startNats(program);
    });

    afterEach(async () => {
      for (const client of clients.splice(0)) await client.close();
      await endMembers(members.splice(0));
    });

    afterAll(async () => {
      await server.kill();
    });

    const start = async (name: string, args: readonly string[] = tiny): Promise<FleetMember> => {
      const member = await startMember({ server, name, text: shopLog, args });
      members.push(member);
      return member;
    };

    const startAll = async (...names: string[]): Promise<FleetMember[]> => {
      const all = await Promise.all(names.map((name) => start(name)));
      await joined(server, names.length);
      return all;
    };

    /** Something that listens as an instance does, and answers as it likes. */
    const impostor = async (
      host: string,
      onQuestion: (respond: (payload: string, extra?: Record<string, string>) => void) => void,
    ): Promise<void> => {
      const client = await connect({ servers: server.url, name: `imesde/${host}/0123` });
      clients.push(client);
      client.subscribe('imesde.v1.query', {
        callback: (_, message) => {
          onQuestion((payload, extra = {}) => {
            const all = headers();
            const own = { 'imesde-id': '0123', 'imesde-host': host, ...extra };
            for (const [key, value] of Object.entries(own)) all.set(key, value);
            message.respond(payload, { headers: all });
          });
        },
      });
      await client.flush();
    };

    /** Resolves when a question has come over the bus: by then the list of who listens has been told. */
    const questionCame = async (): Promise<() => Promise<void>> => {
      const client = await connect({ servers: server.url });
      clients.push(client);
      const came = new Promise<void>((resolve) => {
        client.subscribe('imesde.v1.query', {
          callback: () => {
            resolve();
          },
        });
      });
      await client.flush();
      return () => came;
    };

    it('names who died, who is silent and who has another model', async () => {
      const [, frozen, dying] = await startAll('web-1', 'web-2', 'web-3');
      await start('web-4', []);
      await joined(server, 4);
      frozen!.running.child.kill('SIGSTOP');
      dying!.running.child.kill('SIGSTOP');
      const came = await questionCame();
      const started = performance.now();
      const asking = runWithFleet(server, [
        'ask',
        '--fleet',
        'disk full',
        '-k',
        '2',
        '--timeout',
        '4s',
      ]);
      await came();
      await setTimeout(100);
      dying!.running.child.kill('SIGKILL');
      const { exitCode, stdout, stderr } = await asking;
      expect(performance.now() - started).toBeLessThan(30_000);
      expect(exitCode).toBe(2);
      expect(stdout.trimEnd().split('\n')).toHaveLength(2);
      expect(stderr).toMatch(/^imesde: [^\n]*\n$/);
      expect(stderr).toContain('3 of 4 instances gave no answer');
      expect(stderr).toContain('web-2 (silent for 4 s)');
      expect(stderr).toContain('web-3 (died)');
      // Of one against one it is the greater name that is left out, not whoever answers first.
      expect(stderr).toMatch(/web-[14] \(another scale: [^)]*--rank (cosine|meaning), imesde/);
    });

    it('says at once that one died, where no other is owed', async () => {
      const [, dying] = await startAll('web-1', 'web-2');
      dying!.running.child.kill('SIGSTOP');
      const came = await questionCame();
      const asking = runWithFleet(server, ['ask', '--fleet', 'disk full', '--timeout', '60s']);
      await came();
      await setTimeout(100);
      const killed = performance.now();
      dying!.running.child.kill('SIGKILL');
      const { exitCode, stderr } = await asking;
      expect(performance.now() - killed).toBeLessThan(30_000);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining('1 of 2 instances gave no answer: web-2 (died)') as string,
      });
    });

    it('takes as many as are expected for enough', async () => {
      const [, frozen] = await startAll('web-1', 'web-2');
      frozen!.running.child.kill('SIGSTOP');
      const ask = (...args: string[]): ReturnType<typeof runWithFleet> =>
        runWithFleet(server, ['ask', '--fleet', '--timeout', '4s', 'disk full', ...args]);
      const [enough, quiet, quietMiss, toFew] = await Promise.all([
        ask('--expect', '1', '-k', '1'),
        ask('-q', '-s', '-1'),
        ask('-q', ...never),
        ask('--expect', '3'),
      ]);
      expect(enough).toMatchObject({ exitCode: 0, stderr: '' });
      expect(quiet).toMatchObject({ exitCode: 0, stdout: '' });
      expect(quietMiss).toMatchObject({ exitCode: 2, stdout: '' });
      expect(toFew.exitCode).toBe(2);
      expect(toFew.stderr).toContain(
        '2 of 3 instances gave no answer: web-2 (silent for 4 s), 1 that no server lists',
      );
    });

    it('says at once that nobody listens', async () => {
      const started = performance.now();
      const { exitCode, stderr } = await runWithFleet(server, [
        'ask',
        '--fleet',
        'x',
        '--timeout',
        '60s',
      ]);
      expect(performance.now() - started).toBeLessThan(30_000);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: `imesde: no instance has joined the fleet at 127.0.0.1:${server.port}: start one with imesde --fleet\n`,
      });
      const spy = await connect({ servers: server.url, name: 'an operator who watches all' });
      clients.push(spy);
      spy.subscribe('>', { callback: () => undefined });
      await spy.flush();
      expect((await runWithFleet(server, ['ask', '--fleet', 'x'])).stderr).toBe(stderr);
    });

    it('answers the newest first after a pause, and tells the oldest that it is busy', async () => {
      const [member] = await startAll('web-1');
      const client = await connect({ servers: server.url });
      clients.push(client);
      const order: string[] = [];
      const busy = new Set<string>();
      client.subscribe('_INBOX.test.*', {
        callback: (_, message) => {
          const text = Buffer.from(message.data).toString();
          const name = message.subject.slice('_INBOX.test.'.length);
          if (text.includes('"error":"busy"')) busy.add(name);
          else order.push(name);
        },
      });
      const ask = (name: string): void => {
        const request = JSON.stringify({ op: 'query', phrase: `something else ${name}` });
        client.publish('imesde.v1.query', request, { reply: `_INBOX.test.${name}` });
      };
      member!.running.child.kill('SIGSTOP');
      for (let i = 0; i < 100; i += 1) ask(`old${i}`);
      await client.flush();
      await setTimeout(200);
      member!.running.child.kill('SIGCONT');
      const started = performance.now();
      ask('next');
      await client.flush();
      while (!order.includes('next')) await setTimeout(5);
      expect(performance.now() - started).toBeLessThan(20_000);
      while (order.length + busy.size < 101) await setTimeout(10);
      expect(busy.size).toBeGreaterThanOrEqual(100 - 64 - 8);
      expect(order.indexOf('next')).toBeLessThan(24);
      // The oldest that was not given up is among the last.
      const old = order.filter((name) => name !== 'next').map((name) => Number(name.slice(3)));
      expect(old.indexOf(Math.min(...old))).toBeGreaterThan(old.length / 2);
    });

    it('carries an answer that is longer than a message may be', async () => {
      const member = await start('web-1');
      const line = `${'the disk is full and '.repeat(900)}so on`;
      for (let i = 0; i < 200; i += 1) member.running.child.stdin.write(`${line} ${i}\n`);
      await joined(server, 1);
      for (;;) {
        const [status] = linesOf(
          (await runWithFleet(server, ['status', '--fleet', '--json'])).stdout,
        );
        const { read, waiting } = status!['lines'] as { read: number; waiting: number };
        if (read === shopLog.split('\n').length - 1 + 200 && waiting === 0) break;
      }
      const { exitCode, stdout, stderr } = await runWithFleet(server, [
        'ask',
        '--fleet',
        '--all',
        '-k',
        '200',
        'the disk is full',
        '--json',
        '--timeout',
        '60s',
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout.length).toBeGreaterThan(3 * 2 ** 20);
      expect(new Set(linesOf(stdout).map(({ line: number }) => number)).size).toBe(200);
    });

    it('takes half an answer for none, and too long a one for a fault', async () => {
      const ask = (timeout: string): Promise<RunResult> =>
        runWithFleet(server, ['ask', '--fleet', 'x', '-k', '1', '--timeout', timeout]);
      await startAll('web-1');
      await impostor('half', (respond) => {
        respond('{"text":"half', { 'imesde-more': '1', 'imesde-part': '0' });
        respond('of it"}\n{"done":true}\n', { 'imesde-part': '2' });
      });
      const half = await ask('4s');
      expect(half.exitCode).toBe(2);
      expect(half.stderr).toContain('half (silent for 4 s)');
      expect(half.stdout).not.toBe('');
      for (const client of clients.splice(0)) await client.close();
      const mebibyte = 'x'.repeat(2 ** 20 - 1_024);
      await impostor('flood', (respond) => {
        for (let part = 0; part < 60; part += 1) {
          respond(mebibyte, { 'imesde-more': '1', 'imesde-part': String(part) });
        }
      });
      const flood = await ask('20s');
      expect(flood.exitCode).toBe(2);
      expect(flood.stderr).toContain('flood (its answer is too long)');
      expect(flood.stdout.split('\n')).toHaveLength(2);
    });

    it('shows nothing of a name or a line that a terminal would obey', async () => {
      const match = {
        raw: 0.5,
        score: 0.5,
        line: 1,
        time: '2026-01-31T10:00:00Z',
        text: 'a \u001b[31mred\u202e line',
      };
      const done = { done: true, minScore: -1, bestRaw: 0.5, prose: 0, rank: 'cosine' };
      await impostor('evil\u001b[31m\u202ehost', (respond) => {
        const why = { words: 3, sum: 'x' };
        respond(
          `${JSON.stringify({ ...match, why, alsoLabels: 7, label: {} })}\n${JSON.stringify(done)}\n`,
        );
      });
      const env = { ...noNats, NATS_URL: server.url, TERM: 'xterm', NO_COLOR: '1' };
      const { stdout } = await runInTerminal(
        '"$NODE" "$IMESDE" ask --fleet x --explain < /dev/null',
        { env },
      );
      expect(stdout).toContain('red\\u202e line');
      expect(stdout).toContain('evil\\x1b[31m\\u202ehost:');
      expect(stdout).not.toMatch(/\u001b\[31m|\u202e/);
    });

    it('goes on reading while the server is gone, and joins again when it is back', async () => {
      const [member] = await startAll('web-1');
      const { child } = member!.running;
      const fed = new AbortController();
      const feeding = (async () => {
        while (!fed.signal.aborted) {
          if (!child.stdin.write(shopLog))
            await new Promise((resolve) => child.stdin.once('drain', resolve));
          await setTimeout(1);
        }
      })();
      const read = async (): Promise<number> => {
        const [status] = await member!.fifoAsker.ask({ op: 'status' });
        return (status!['lines'] as { read: number }).read;
      };
      const rate = async (): Promise<number> => {
        const before = await read();
        await setTimeout(1_000);
        return (await read()) - before;
      };
      const joinedRate = await rate();
      await server.kill();
      const aloneRate = await rate();
      const refused = await runWithFleet(server, ['ask', '--fleet', 'x']);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain('no NATS server at 127.0.0.1:');
      await server.start();
      const back = performance.now();
      await joined(server, 1);
      expect(performance.now() - back).toBeLessThan(30_000);
      fed.abort();
      await feeding;
      expect(aloneRate).toBeGreaterThan(joinedRate / 10);
      expect(member!.running.stderr).toMatch(
        /^imesde: the NATS server at [\d.:]+ is gone; joins the fleet again when it is back\n$/,
      );
    });

    it('starts without a server, says so once, and joins when it comes', async () => {
      const { port } = server;
      await server.kill();
      const member = await start('web-1');
      await member.running.until(({ stderr }) => stderr !== '');
      await setTimeout(1_000);
      expect(member.running.stderr).toBe(
        `imesde: no NATS server at 127.0.0.1:${port}: start one, or name another with --server; joins the fleet when that is right\n`,
      );
      await server.start();
      await joined(server, 1);
      member.running.child.kill('SIGTERM');
      expect((await member.running.result).exitCode).toBe(143);
    });
  },
  'each',
);

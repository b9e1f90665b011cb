/** One question to a fleet: what it answers is what its instances hold, merged. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Masker } from '../../../src/shape/masker.ts';
import { tellingText } from '../../../src/shape/telling-text.ts';
import {
  describeWithNats,
  natsPrograms,
  startNats,
  type NatsServer,
} from '../../helpers/nats-server.ts';
import { logsFolder } from '../../helpers/run-imesde.ts';
import { seeded } from '../../scan/vectors.ts';
import {
  endMembers,
  joined,
  linesOf,
  runWithFleet,
  startMember,
  type FleetMember,
  type Line,
} from './fleet.ts';

const phrases = ['disk is full', 'login failed', 'database unreachable'];
const names = ['web-1', 'web-2', 'web-3', 'web-4'];

/** When the line came that all have; on the second host last. */
const times = ['00', '03', '02', '01'].map((seconds) => `2026-01-31T10:00:${seconds}Z`);

/** All sample logs, each line on one of the hosts; and some lines on all of them. */
function split(): string[] {
  const random = seeded(7);
  const texts = names.map(() => '');
  for (const file of readdirSync(logsFolder).filter((name) => !name.endsWith('.md'))) {
    for (const line of readFileSync(path.join(logsFolder, file), 'utf8').split('\n')) {
      if (line !== '') texts[Math.floor(random() * names.length)]! += `${line}\n`;
    }
  }
  return texts.map((text, i) => `${text}${times[i]!} ERROR pump: the cellar is flooded\n`);
}

/** An event as an instance tells it by its FIFO, with why. */
interface Told {
  readonly host: string;
  readonly line: number;
  readonly sum: number;
  readonly key: string;
  readonly count: number;
  readonly time: string;
}

const programs = await natsPrograms();

describeWithNats('a fleet of four', programs, (program) => {
  let server: NatsServer;
  let members: FleetMember[] = [];

  beforeAll(async () => {
    server = await startNats(program);
    const texts = split();
    members = await Promise.all(
      names.map((name, i) =>
        startMember({ server, name, text: texts[i]!, args: i < 2 ? ['--group', 'eu.web'] : [] }),
      ),
    );
    await joined(server, names.length);
  });

  afterAll(async () => {
    await endMembers(members);
  });

  const ask = async (...args: string[]): Promise<Line[]> => {
    const { exitCode, stdout, stderr } = await runWithFleet(server, [
      'ask',
      '--fleet',
      '--json',
      ...args,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: stdout === '' ? 1 : exitCode, stderr: '' });
    return linesOf(stdout);
  };

  /** What all of them tell by their own FIFOs. */
  const toldByAll = async (phrase: string): Promise<{ told: Told[]; best: number }> => {
    const masker = new Masker({ exact: false });
    const told: Told[] = [];
    for (const { name, fifoAsker } of members) {
      const lines = await fifoAsker.ask({ op: 'query', phrase, top: 1_000, explain: true });
      for (const { line, why, text, count = 1, time } of lines.slice(0, -1)) {
        told.push({
          host: name,
          line: Number(line),
          sum: (why as { sum: number }).sum,
          key: masker.key(tellingText(String(text))) ?? '',
          count: Number(count),
          time: String(time),
        });
      }
    }
    told.sort((one, other) => other.sum - one.sum);
    return { told, best: told[0]!.sum };
  };

  it.each(phrases)('merges what each answers by its own FIFO: %s', async (phrase) => {
    const { told, best } = await toldByAll(phrase);
    const groups = new Map<string, Told[]>();
    for (const one of told) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
    const expected = [...groups.values()];
    const found = await ask(phrase, '-k', '1000', '--explain');
    expect(found).toHaveLength(expected.length);
    const sums = found.map(({ why }) => (why as { sum: number }).sum);
    // The greatest T of each shape decides; its newest line may be one of nearly the same T.
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).toSorted((one, other) => Number(other) - Number(one)),
    );
    for (const [at, group] of expected.entries()) {
      const greatest = group[0]!.sum;
      const chance = 1 / (1 + Math.exp(-(-5.5 + 8.8 * greatest + 3.4 * (greatest - best))));
      expect(Number(found[at]!['score'])).toBeCloseTo(chance, 3);
      expect(greatest - sums[at]!).toBeLessThan(0.0501);
    }
    const places = new Map(
      expected.flatMap((group) => group.map((one) => [`${one.host} ${one.line}`, group])),
    );
    for (const { host, hosts = [host], line, count } of found) {
      const group = places.get(`${String(host)} ${String(line)}`)!;
      expect({ hosts, count }).toEqual({
        hosts: [...new Set(group.map((one) => one.host))].sort(),
        count: group.reduce((sum, one) => sum + one.count, 0),
      });
    }
    // So many of the greatest T, whatever lies below.
    const few = await ask(phrase, '-k', '3');
    expect(few.map(({ text, score, rank }) => ({ text, score, rank }))).toEqual(
      found.slice(0, 3).map(({ text, score, rank }) => ({ text, score, rank })),
    );
  });

  it('tells what answers, and no more than five, without -k', async () => {
    const answers = await ask('login failed');
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.length).toBeLessThanOrEqual(5);
    for (const { score } of answers) expect(score).toBeGreaterThanOrEqual(0.35);
    const nothing = await runWithFleet(server, ['ask', '--fleet', 'penguins in the snow']);
    expect(nothing).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
  });

  it('tells one event of all hosts once, with the newest line', async () => {
    const [found] = await ask('flooded cellar', '-k', '1');
    expect(found).toMatchObject({ hosts: names, count: 4, host: 'web-2', rank: 1 });
    expect(found).toMatchObject({ text: `${times[1]!} ERROR pump: the cellar is flooded` });
    expect(Object.keys(found!).slice(0, 3)).toEqual(['host', 'hosts', 'query']);
    expect(found).not.toHaveProperty('raw');
    expect(found).not.toHaveProperty('shape');
  });

  it('tells every line by itself with --all', async () => {
    const found = await ask('the cellar is flooded', '--all', '-k', '4');
    const texts = times.map((time) => `${time} ERROR pump: the cellar is flooded`);
    expect(found.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
    expect(new Set(found.map(({ host }) => host)).size).toBe(4);
  });

  it('answers two phrases in their order, and prefixes lines with their host', async () => {
    const { stdout } = await runWithFleet(server, [
      'ask',
      '--fleet',
      ...phrases.slice(0, 2),
      '-k',
      '2',
    ]);
    const prefixes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 6));
    expect(prefixes).toHaveLength(4);
    for (const prefix of prefixes) expect(prefix).toMatch(/^web-[1-4]:$/);
    const queries = (await ask(...phrases.slice(0, 2), '-k', '2')).map(({ query }) => query);
    expect(queries).toEqual([phrases[0], phrases[0], phrases[1], phrases[1]]);
  });

  it('asks only those of a group, and of the group above it', async () => {
    for (const group of ['eu', 'eu.web']) {
      const found = await ask('error', '-k', '500', '--group', group);
      expect(new Set(found.map(({ host }) => host))).toEqual(new Set(['web-1', 'web-2']));
    }
    const nobody = await runWithFleet(server, ['ask', '--fleet', 'error', '--group', 'us']);
    expect(nobody.exitCode).toBe(2);
    expect(nobody.stderr).toMatch(
      /^imesde: no instance of the group us has joined the fleet at 127/,
    );
  });

  it('tells how each is doing', async () => {
    const { exitCode, stdout } = await runWithFleet(server, ['status', '--fleet', '--json']);
    expect(exitCode).toBe(0);
    const statuses = linesOf(stdout);
    expect(statuses.map(({ host }) => host)).toEqual(names);
    expect(statuses.map(({ pid }) => pid)).toEqual(members.map(({ running }) => running.child.pid));
    const { stdout: table } = await runWithFleet(server, ['status', '--fleet']);
    expect(table).toMatch(/^host +up +read/);
    expect(table.split('\n')).toHaveLength(names.length + 2);
  });

  it('refuses over the bus what would change an instance', async () => {
    const { connect } = await import('@nats-io/transport-node');
    const client = await connect({ servers: server.url });
    const refusal = async (subject: string, payload: string): Promise<string> => {
      const { data } = await client.request(subject, payload, { timeout: 5_000 });
      return (JSON.parse(Buffer.from(data).toString()) as { error: string }).error;
    };
    for (const op of ['quit', 'watch', 'unwatch']) {
      const request = JSON.stringify({ op, phrase: 'x' });
      expect(await refusal('imesde.v1.query', request)).toContain('only query can be asked');
    }
    expect(await refusal('imesde.v1.status', '{"op":"query","phrase":"x"}')).toContain(
      'only status',
    );
    expect(await refusal('imesde.v1.query', 'x'.repeat(5_000))).toContain('longer than 4096 bytes');
    expect(await refusal('imesde.v1.query', '')).toContain('empty');
    await client.close();
  });
});

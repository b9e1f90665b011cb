/** Several servers: a cluster of two, and a leaf node of another site. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetAsker } from '../../../src/control/nats/fleet-asker.ts';
import { busSettings } from '../../../src/control/nats/settings.ts';
import {
  describeWithNats,
  natsPrograms,
  startNats,
  type NatsServer,
} from '../../helpers/nats-server.ts';
import { tiny } from '../../helpers/run-imesde.ts';
import { shopLog } from '../instance.ts';
import { endMembers, joined, runWithFleet, startMember, type FleetMember } from './fleet.ts';

const programs = await natsPrograms();
const firstAsks = 50;

describeWithNats(
  'a fleet on three servers',
  programs,
  (program) => {
    let servers: NatsServer[] = [];
    let members: FleetMember[] = [];

    beforeAll(async () => {
      const leafs = 'leafnodes { listen: 127.0.0.1:-1 }';
      const first = await startNats(program, {
        config: `server_name: a\ncluster { name: c, listen: 127.0.0.1:-1 }\n${leafs}`,
      });
      const second = await startNats(program, {
        config: `server_name: b\ncluster { name: c, listen: 127.0.0.1:-1, routes: [nats-route://127.0.0.1:${first.clusterPort}] }`,
      });
      const leaf = await startNats(program, {
        config: `server_name: leaf\nleafnodes { remotes: [{ url: nats-leaf://127.0.0.1:${first.leafPort} }] }`,
      });
      servers = [first, second, leaf];
      members = await Promise.all(
        servers.map((server, i) =>
          startMember({ server, name: `site-${i + 1}`, text: shopLog, args: tiny }),
        ),
      );
      await joined(first, 3);
    });

    afterAll(async () => {
      await endMembers(members);
    });

    const hostsAt = async (server: NatsServer): Promise<string[]> => {
      const settings = busSettings(server.url, {});
      const options = { settings, group: undefined, expect: undefined, timeoutMs: 30_000 };
      const asker = await FleetAsker.connect(options);
      try {
        const { replies, missing } = await asker.ask('query', [
          { op: 'query', phrase: 'disk full' },
        ]);
        expect(missing).toEqual([]);
        return replies[0]!.map(({ host }) => host);
      } finally {
        await asker.close();
      }
    };

    it(`answers each of ${firstAsks} first asks whole, from whichever server`, async () => {
      for (let i = 0; i < firstAsks; i += 1) {
        expect(await hostsAt(servers[i % servers.length]!)).toEqual(['site-1', 'site-2', 'site-3']);
      }
    });

    it('tells by --expect alone that a site is cut off', async () => {
      await servers[2]!.kill();
      await setTimeout(500);
      const [first] = servers;
      const all = await runWithFleet(first!, ['ask', '--fleet', 'disk full', '-k', '1']);
      expect(all).toMatchObject({ exitCode: 0, stderr: '' });
      const args = ['ask', '--fleet', 'disk full', '-k', '1', '--expect', '3', '--timeout', '4s'];
      const expected = await runWithFleet(first!, args);
      expect(expected.exitCode).toBe(2);
      expect(expected.stderr).toContain('1 of 3 instances gave no answer: 1 that no server lists');
      expect(expected.stdout).not.toBe('');
      await servers[2]!.start();
      await joined(first!, 3);
    });

    it('moves to another server of the cluster when its own is gone', async () => {
      await servers[1]!.kill();
      const [first] = servers;
      await joined(first!, 3);
      expect(await hostsAt(first!)).toEqual(['site-1', 'site-2', 'site-3']);
    });
  },
  'each',
);

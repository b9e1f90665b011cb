/** Who may ask and answer, and how the servers know: permissions, TLS, nkeys, credentials, contexts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/model-folder.ts';
import {
  describeWithNats,
  natsPrograms,
  startNats,
  type NatsServer,
} from '../../helpers/nats-server.ts';
import { runImesde, tiny, type RunResult } from '../../helpers/run-imesde.ts';
import { shopLog } from '../instance.ts';
import { endMembers, noNats, startMember, type FleetMember } from './fleet.ts';

const programs = await natsPrograms();
const secret = 'hunter2secret';
const args = ['ask', '--fleet', 'disk full', '-k', '1', '--timeout', '20s'];

/** None: what is not said is 0. */
const userLimits = { subs: -1, data: -1, payload: -1 };
const limits = { ...userLimits, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };

type Env = Readonly<Record<string, string | undefined>>;

function ask(env: Env, more: readonly string[] = []): Promise<RunResult> {
  return runImesde([...args, ...more], '', { env: { ...noNats, ...env } });
}

function expectRefusal({ exitCode, stdout, stderr }: RunResult, message: string): void {
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^imesde: [^\n]+: [^\n]+\n$/);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain(secret);
}

describeWithNats('permissions', programs, (program) => {
  let server: NatsServer;
  let members: FleetMember[] = [];

  beforeAll(async () => {
    const listens = 'subscribe: ["imesde.v1.>"], publish: { deny: ">" }';
    const users = [
      `{ user: instance, password: ${secret}, permissions: { ${listens}, allow_responses: { max: 64, expires: "1m" } } }`,
      `{ user: asker, password: ${secret}, permissions: { publish: ["imesde.v1.query.>", "imesde.v1.query", "$SYS.REQ.ACCOUNT.PING.CONNZ"], subscribe: ["_INBOX.>"] } }`,
      `{ user: listless, password: ${secret}, permissions: { publish: ["imesde.v1.query"], subscribe: ["_INBOX.>"] } }`,
      `{ user: other, password: ${secret}, permissions: { publish: ["other", "$SYS.REQ.ACCOUNT.PING.CONNZ"], subscribe: ["_INBOX.>"] } }`,
    ];
    server = await startNats(program, {
      config: `accounts { A: { users: [ ${users.join(', ')} ] }, B: { users: [ { user: foreign, password: ${secret} } ] } }`,
    });
    const member = { server, text: shopLog, args: tiny };
    members = [
      await startMember({
        ...member,
        name: 'web-1',
        env: { NATS_USER: 'instance', NATS_PASSWORD: secret },
      }),
    ];
    while ((await ask(as('asker'))).exitCode !== 0);
  });

  afterAll(async () => {
    await endMembers(members);
  });

  const as = (user: string, password = secret): Env => ({
    NATS_URL: server.url,
    NATS_USER: user,
    NATS_PASSWORD: password,
  });

  it('lets an asker ask, and an instance only answer', async () => {
    expect(await ask(as('asker'))).toMatchObject({ exitCode: 0, stderr: '' });
    expectRefusal(await ask(as('instance')), 'does not let this user subscribe to _INBOX.');
    expectRefusal(await ask(as('other')), 'does not let this user publish to imesde.v1.query');
    expectRefusal(await ask(as('foreign')), 'no instance has joined the fleet');
  });

  it('asks without the list where it is said how many must answer', async () => {
    expectRefusal(
      await ask(as('listless')),
      'does not tell this user who listens: allow it to publish $SYS',
    );
    expect(await ask(as('listless'), ['--expect', '1'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('takes user and password from a URL, but not on the command line', async () => {
    const url = `nats://asker:${secret}@127.0.0.1:${server.port}`;
    expect(await ask({ NATS_URL: url })).toMatchObject({ exitCode: 0, stderr: '' });
    expectRefusal(await ask({}, ['--server', url]), 'shows the password to ps: put it in NATS_URL');
    expectRefusal(await ask(as('asker', `${secret}wrong`)), 'refuses this user: check NATS_CREDS');
  });

  it('shows no secret to ps', () => {
    const { pid } = members[0]!.running.child;
    expect(readFileSync(`/proc/${pid!}/cmdline`, 'utf8')).not.toContain(secret);
  });

  it('reads the context that is selected, and the one that is named', async () => {
    const config = temporaryFolder();
    const folder = path.join(config, 'nats', 'context');
    mkdirSync(folder, { recursive: true });
    const context = (name: string, fields: object): void => {
      writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(fields));
    };
    context('ops', { url: server.url, user: 'asker', password: secret, description: 'ours' });
    context('nsc', { url: server.url, nsc: 'nsc://o/a/u' });
    context('bad', { url: server.url, creds: '/nonexistent/x.creds' });
    const env = { XDG_CONFIG_HOME: config };
    expectRefusal(await ask(env), 'no NATS server is named: give --server');
    writeFileSync(path.join(config, 'nats', 'context.txt'), 'ops\n');
    expect(await ask(env)).toMatchObject({ exitCode: 0, stderr: '' });
    expectRefusal(await ask({ ...env, NATS_CONTEXT: 'nsc' }), "uses nsc, which imesde can't");
    expectRefusal(
      await ask({ ...env, NATS_CONTEXT: 'none' }),
      'none.json (ENOENT): see nats context ls',
    );
    expectRefusal(await ask({ ...env, NATS_CONTEXT: '../ops' }), 'is no name');
    expectRefusal(
      await ask({ ...env, NATS_CONTEXT: 'bad' }),
      "can't read the credentials in /nonexistent/x.creds (ENOENT)",
    );
    // The environment wins.
    expectRefusal(await ask({ ...env, NATS_PASSWORD: 'x' }), 'refuses this user');
  });
});

describeWithNats('TLS and keys', programs, (program) => {
  const folder = temporaryFolder();
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...words: string[]): void => {
    const { status, stderr } = spawnSync('openssl', words, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  let server: NatsServer;
  let members: FleetMember[] = [];

  beforeAll(async () => {
    for (const name of ['ca', 'other']) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      );
    }
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=nats',
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
    );
    writeFileSync(file('ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'ext',
      '-out',
      'server.pem',
    );
    const [user, stranger] = [nkeys.createUser(), nkeys.createUser()];
    writeFileSync(file('user.nk'), `${text(user.getSeed())}\n`);
    writeFileSync(file('stranger.nk'), text(stranger.getSeed()));
    server = await startNats(program, {
      config: `tls { cert_file: "${file('server.pem')}", key_file: "${file('server.key')}" }\nauthorization { users: [ { nkey: ${user.getPublicKey()} } ] }`,
    });
    const env = { NATS_NKEY: file('user.nk'), NATS_CA: file('ca.pem') };
    members = [await startMember({ server, name: 'web-1', text: shopLog, args: tiny, env })];
    while ((await ask({ ...env, NATS_URL: server.url })).exitCode !== 0);
  });

  afterAll(async () => {
    await endMembers(members);
  });

  it('connects with the right CA and key', async () => {
    for (const url of [server.url, server.url.replace('nats:', 'tls:')]) {
      const env = { NATS_URL: url, NATS_NKEY: file('user.nk'), NATS_CA: file('ca.pem') };
      expect(await ask(env)).toMatchObject({ exitCode: 0, stderr: '' });
    }
  });

  it('refuses another CA, none, and another key', async () => {
    const env = { NATS_URL: server.url, NATS_NKEY: file('user.nk'), NATS_CA: file('ca.pem') };
    expectRefusal(await ask({ ...env, NATS_CA: file('other.pem') }), 'no TLS with the NATS server');
    expectRefusal(await ask({ ...env, NATS_CA: undefined }), 'no TLS with the NATS server');
    expectRefusal(
      await ask({ ...env, NATS_CA: '/nonexistent' }),
      "can't read the TLS file in /nonexistent",
    );
    expectRefusal(await ask({ ...env, NATS_NKEY: file('stranger.nk') }), 'refuses this user');
    expectRefusal(await ask({ ...env, NATS_NKEY: file('ca.pem') }), 'holds no nkey of a user');
  });

  it('refuses to speak without TLS where tls:// asks for it', async () => {
    const plain = await startNats(program);
    const url = plain.url.replace('nats:', 'tls:');
    expectRefusal(await ask({ NATS_URL: url }), '127.0.0.1');
  });
});

describeWithNats('credentials of an operator', programs, (program) => {
  it('connects with a .creds file, and says what is wrong with another', async () => {
    const [operator, account, user] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createUser(),
    ];
    const key = account.getPublicKey();
    const accountJwt = jwt(operator, key, { type: 'account', version: 2, limits });
    const server = await startNats(program, {
      config: `operator: ${jwt(operator, operator.getPublicKey(), { type: 'operator', version: 2 })}\nresolver: MEMORY\nresolver_preload: { ${key}: ${accountJwt} }`,
    });
    const creds = path.join(temporaryFolder(), 'user.creds');
    const userJwt = jwt(account, user.getPublicKey(), { type: 'user', version: 2, ...userLimits });
    writeFileSync(
      creds,
      `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${text(user.getSeed())}\n------END USER NKEY SEED------\n`,
    );
    const env = { NATS_URL: server.url, NATS_CREDS: creds };
    // Who is let in is told that nobody has joined.
    expectRefusal(await ask(env), 'no instance has joined the fleet');
    const broken = path.join(temporaryFolder(), 'broken.creds');
    writeFileSync(broken, `${secret}\n`);
    expectRefusal(await ask({ ...env, NATS_CREDS: broken }), 'broken.creds holds no credentials');
    expectRefusal(await ask({ NATS_URL: server.url }), 'refuses this user');
  });
});

/** Of this machine, as others see it. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.internal === false && one.family === 'IPv4')?.address;

describeWithNats('a server that others can reach', programs, (program) => {
  it.skipIf(outside === undefined)('without TLS gets a warning, once, where lines go', async () => {
    const server = await startNats(program, { args: ['-a', '0.0.0.0'] });
    const url = `nats://${outside!}:${server.port}`;
    const member = await startMember({ server: { url }, name: 'web-1', text: shopLog, args: tiny });
    while ((await ask({ NATS_URL: url })).exitCode !== 0);
    expect(member.running.stderr).toBe(
      `imesde: log lines go to ${outside!}:${server.port} unencrypted: give its server TLS, and name it tls://…\n`,
    );
    expect((await ask({ NATS_URL: url })).stderr).toBe('');
    await endMembers([member]);
  });
});

describe('without a server', () => {
  it.each([
    [['ask', 'x', '--group', 'web'], '--group is of a fleet: add --fleet'],
    [['ask', 'x', '--expect', '3'], '--expect is of a fleet: add --fleet'],
    [['ask', 'x', '--fleet', '--fifo', '/tmp/x'], '--fleet asks all instances and --fifo one'],
    [['ask', 'x', '--fleet', '--server', 'ws://x'], "can't be reached by ws://"],
    [['ask', 'x', '--fleet', '--server', 'x:y:z'], 'the URL of the NATS server is none'],
    [['ask', 'x', '--fleet', '--server', 'x', '--group', 'a b'], '--group a b: letters'],
    [['--fleet'], 'no NATS server is named'],
    [['--fleet', '--server', 'x', '--name', 'a/b'], '--name a/b: at most'],
    [['--fifo', '/tmp/never', '--name', 'a'], '--name is of a fleet: add --fleet to join it'],
  ])('refuses %j', async (words, message) => {
    expectRefusal(await runImesde(words, '', { env: noNats }), message);
  });

  it('makes no fleet of what is in the environment', async () => {
    const env = {
      ...noNats,
      NATS_URL: 'nats://127.0.0.1:1',
      IMESDE_FLEET: '1',
      IMESDE_SERVER: 'x',
    };
    const asked = await runImesde(['ask', 'x', '--timeout', '200ms'], '', {
      env: { ...env, XDG_RUNTIME_DIR: temporaryFolder() },
    });
    expect(asked.stderr).toContain('no instance runs');
    const live = await runImesde(['-w', 'disk full', ...tiny], 'disk full\n', { env });
    expect(live).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** A token as nsc would make it. */
function jwt(issuer: nkeys.KeyPair, subject: string, nats: object): string {
  const part = (value: object | Uint8Array): string =>
    (value instanceof Uint8Array
      ? Buffer.from(value)
      : Buffer.from(JSON.stringify(value))
    ).toString('base64url');
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    jti: `${iat}${subject}`,
    iat,
    iss: issuer.getPublicKey(),
    name: 'test',
    sub: subject,
    nats,
  };
  const head = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${head}.${part(issuer.sign(Buffer.from(head)))}`;
}

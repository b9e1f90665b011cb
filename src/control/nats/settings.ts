/**
 * Which NATS server, and as whom: as the nats CLI has it, from NATS_URL, NATS_CREDS and so on, else
 * from the context that is selected there. Nothing here connects; nothing here is ever printed but
 * the servers' names.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ImesdeError } from '../../shared/errors.ts';

export interface BusSettings {
  /** As host:port, without credentials: for connecting and for messages. */
  readonly servers: readonly string[];
  /** The server must speak TLS. */
  readonly needsTls: boolean;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** Paths of files. */
  readonly creds?: string | undefined;
  readonly nkey?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
  readonly tlsFirst?: boolean | undefined;
  readonly inboxPrefix?: string | undefined;
  readonly jetStreamDomain?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys of a context that ask for what can't be done here. */
const refusedKeys = [
  'nsc',
  'socks_proxy',
  'user_jwt',
  'user_seed',
  'windows_cert_store',
  'windows_cert_match',
  'windows_cert_match_by',
  'windows_ca_certs_match',
];

const portDefault = 4222;

/**
 * @param server - given by --server
 * @throws {ImesdeError} ERR_IMESDE_USAGE where no server is named, or what is named can't be used
 */
export function busSettings(server?: string, env: Environment = process.env): BusSettings {
  const given = (name: string): string | undefined => {
    const value = env[name];
    return value === '' ? undefined : value;
  };
  const context = contextOf(given('NATS_CONTEXT'), env);
  if (server?.includes('@') === true) {
    throw usage('--server with a user in it shows the password to ps: put it in NATS_URL');
  }
  const url = server ?? given('NATS_URL') ?? context['url'];
  if (url === undefined) {
    throw usage(
      'no NATS server is named: give --server HOST:PORT, or set NATS_URL, or nats context select',
    );
  }
  const { servers, needsTls, login } = serversOf(url);
  const path = (name: string, key: string): string | undefined =>
    expanded(given(name) ?? context[key], env);
  return {
    servers,
    needsTls,
    user: given('NATS_USER') ?? login.user ?? context['user'],
    password: given('NATS_PASSWORD') ?? login.password ?? context['password'],
    token: given('NATS_TOKEN') ?? login.token ?? context['token'],
    creds: path('NATS_CREDS', 'creds'),
    nkey: path('NATS_NKEY', 'nkey'),
    cert: path('NATS_CERT', 'cert'),
    key: path('NATS_KEY', 'key'),
    ca: path('NATS_CA', 'ca'),
    tlsFirst: context['tls_first'] === 'true',
    inboxPrefix: context['inbox_prefix'],
    jetStreamDomain: given('NATS_JS_DOMAIN') ?? context['jetstream_domain'],
  };
}

/** Keys that are not empty; none where no context is selected. */
function contextOf(name: string | undefined, env: Environment): Readonly<Record<string, string>> {
  const folder = join(env['XDG_CONFIG_HOME'] ?? join(homeOf(env), '.config'), 'nats');
  const chosen = name ?? selected(join(folder, 'context.txt'));
  if (chosen === undefined) return {};
  if (!/^[^/\\\0]+$/.test(chosen) || chosen.startsWith('.')) {
    throw usage(`the NATS context '${chosen}' is no name: see nats context ls`);
  }
  const file = join(folder, 'context', `${chosen}.json`);
  let fields: unknown;
  try {
    fields = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it is no JSON';
    throw usage(`can't read the NATS context ${file} (${why}): see nats context ls`);
  }
  const entries = Object.entries(typeof fields === 'object' && fields !== null ? fields : {})
    .map(([key, value]): [string, string] => [key, typeof value === 'object' ? '' : String(value)])
    .filter(([, value]) => value !== '');
  const context = Object.fromEntries(entries);
  const refused = refusedKeys.find((key) => (context[key] ?? 'false') !== 'false');
  if (refused === undefined) return context;
  throw usage(
    `the NATS context ${chosen} uses ${refused}, which imesde can't: use creds, nkey, or a user instead`,
  );
}

function selected(file: string): string | undefined {
  try {
    const name = readFileSync(file, 'utf8').trim();
    return name === '' ? undefined : name;
  } catch {
    return undefined; // None is selected.
  }
}

interface Login {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

/** One URL, or several with commas between them. */
function serversOf(text: string): Pick<BusSettings, 'servers' | 'needsTls'> & {
  readonly login: Login;
} {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parsed);
  if (urls.length === 0) throw usage('the NATS server has no name: give --server HOST:PORT');
  const [first] = urls;
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port === '' ? portDefault : port}`),
    needsTls: urls.some(({ protocol }) => protocol === 'tls:'),
    login: loginOf(first),
  };
}

function parsed(text: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(text.includes('://') ? text : `nats://${text}`);
  } catch {
    // Said below, without the text: a password may be in it.
  }
  if (url === undefined || url.hostname === '') {
    throw usage('the URL of the NATS server is none: write it as nats://HOST:PORT');
  }
  if (['nats:', 'tls:'].includes(url.protocol)) return url;
  throw usage(`a NATS server can't be reached by ${url.protocol}//: use nats:// or tls://`);
}

function loginOf(url: URL | undefined): Login {
  if (url === undefined || url.username === '') return {};
  const user = decodeURIComponent(url.username);
  if (url.password === '') return { token: user };
  return { user, password: decodeURIComponent(url.password) };
}

function expanded(path: string | undefined, env: Environment): string | undefined {
  return path?.startsWith('~/') === true ? join(homeOf(env), path.slice(2)) : path;
}

function homeOf(env: Environment): string {
  return env['HOME'] ?? homedir();
}

/** Whether all of them are on this machine, so that nobody else sees what goes there. */
export function isLoopback({ servers }: Pick<BusSettings, 'servers'>): boolean {
  return servers.every((server) => {
    const host = server.replace(/:\d+$/, '');
    return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
  });
}

function usage(message: string): ImesdeError {
  return new ImesdeError('ERR_IMESDE_USAGE', message);
}

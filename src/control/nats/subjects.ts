/** What things are called on the bus; the version counts up when an old program could be misled. */
import { ImesdeError } from '../../shared/errors.ts';

export type BusOperation = 'query' | 'status';

const root = 'imesde.v1';
/** Asked of the servers themselves: who listens, and how many leaf nodes an account has. */
export const connectionsSubject = '$SYS.REQ.ACCOUNT.PING.CONNZ';
export const accountSubject = '$SYS.REQ.ACCOUNT.PING.STATZ';

export const headerId = 'imesde-id';
export const headerHost = 'imesde-host';
/** On all parts of an answer but the last. */
export const headerMore = 'imesde-more';
/** Counts the parts of an answer from 0. */
export const headerPart = 'imesde-part';

const hostCharsMax = 253;

/** Where to ask: all instances, or those of a group. */
export function askedSubject(operation: BusOperation, group: string | undefined): string {
  return group === undefined ? `${root}.${operation}` : `${root}.${operation}.${group}`;
}

/** Where an instance listens: of `eu.web` also what is asked of `eu`, and of all. */
export function heardSubjects(operation: BusOperation, group: string | undefined): string[] {
  const tokens = group === undefined ? [] : group.split('.');
  const groups = tokens.map((_, index) => tokens.slice(0, index + 1).join('.'));
  return [undefined, ...groups].map((one) => askedSubject(operation, one));
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE for what can be no part of a subject */
export function assertGroup(group: string | undefined): void {
  if (group === undefined || /^[\w-]+(\.[\w-]+){0,7}$/.test(group)) return;
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    `--group ${group}: letters, digits, - and _, with dots between them, as in eu.web`,
  );
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE for a name that could not be told apart in a list */
export function assertHost(host: string): void {
  const isName = /^[^\s/\p{C}]+$/u.test(host) && host.length <= hostCharsMax;
  if (isName) return;
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    `--name ${host}: at most ${hostCharsMax} characters, without blanks and slashes`,
  );
}

/** An instance that listens, as its connection is called: that is its membership. */
export interface Member {
  readonly host: string;
  /** Of the process. */
  readonly id: string;
}

export function connectionName({ host, id }: Member): string {
  return `imesde/${host}/${id}`;
}

/** @returns undefined for a connection that is no instance */
export function memberOf(name: string): Member | undefined {
  const [, host, id] = /^imesde\/([^/]+)\/([^/]+)$/.exec(name) ?? [];
  return host === undefined || id === undefined ? undefined : { host, id };
}

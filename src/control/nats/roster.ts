/**
 * Who listens: the servers' own lists of connections, put together. Each server tells of those that
 * are connected to it; who is new to its list owes an answer, who has left it has died.
 */
import { listPageMax } from '../limits.ts';
import { memberOf, type Member } from './subjects.ts';

/** What is used of a server's answer to a request for its connections. */
interface ConnectionsPage {
  readonly server?: { readonly id?: unknown; readonly cluster?: unknown };
  readonly data?: {
    readonly offset?: unknown;
    readonly connections?: readonly { readonly name?: unknown }[];
  };
}

/** What is used of a server's answer about an account. */
interface AccountPage {
  readonly server?: { readonly id?: unknown; readonly cluster?: unknown };
  readonly data?: { readonly account_statz?: readonly { readonly leafnodes?: unknown }[] };
}

interface ServerList {
  /** Of the last round that it told whole. */
  members: ReadonlySet<string>;
  /** Of the round under way. */
  round: number;
  gathered: Set<string>;
}

export class Roster {
  /** By id: who was on a list when the question was asked. */
  readonly members = new Map<string, Member>();
  /** When a server last added to the list, by the clock that `take` is given; undefined before the first. */
  changedMs: number | undefined;
  readonly #servers = new Map<string, ServerList>();
  readonly #ownServer: string | undefined;
  #isAlone = false;

  /** @param ownServer - id of the server that the asker is connected to */
  constructor(ownServer: string | undefined) {
    this.#ownServer = ownServer;
  }

  /**
   * A page of a server's list.
   * @param round - counts the requests for the list
   * @returns where the next page begins; undefined where this was the last
   */
  take(page: unknown, round: number, nowMs: number): number | undefined {
    const { server, data } = (page ?? {}) as ConnectionsPage;
    const { connections, offset } = data ?? {};
    if (typeof server?.id !== 'string' || !Array.isArray(connections)) return undefined;
    let list = this.#servers.get(server.id);
    const isFirst = list === undefined;
    list ??= { members: new Set(), round, gathered: new Set() };
    this.#servers.set(server.id, list);
    if (round < list.round) return undefined;
    if (round > list.round) Object.assign(list, { round, gathered: new Set<string>() });
    // Whoever came since then was not asked.
    const isOwed = isFirst || round === 0;
    let isChanged = isFirst;
    for (const { name } of connections as readonly { readonly name?: unknown }[]) {
      const member = typeof name === 'string' ? memberOf(name) : undefined;
      if (member === undefined) continue;
      list.gathered.add(member.id);
      if (!isOwed || this.members.has(member.id)) continue;
      this.members.set(member.id, member);
      isChanged = true;
    }
    if (isChanged) this.changedMs = nowMs;
    if (connections.length >= listPageMax) {
      return (typeof offset === 'number' ? offset : 0) + connections.length;
    }
    list.members = list.gathered;
    return undefined;
  }

  /** What a server says of the account. */
  takeAccount(page: unknown): void {
    const { server, data } = (page ?? {}) as AccountPage;
    const [account] = data?.account_statz ?? [];
    this.#isAlone =
      server?.id === this.#ownServer && server?.cluster === undefined && account?.leafnodes === 0;
  }

  /**
   * The asker's server stands alone, in no cluster and without leaf nodes: what it tells is all, and
   * no other server need be waited for.
   */
  get isAlone(): boolean {
    return this.#isAlone && this.#ownServer !== undefined && this.#servers.has(this.#ownServer);
  }

  /** Whether it was on a list, and is on none any more. */
  hasLeft(id: string): boolean {
    if (!this.members.has(id)) return false;
    for (const { members, gathered } of this.#servers.values()) {
      if (members.has(id) || gathered.has(id)) return false;
    }
    return true;
  }
}

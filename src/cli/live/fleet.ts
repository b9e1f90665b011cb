/** A live run as one of a fleet: asked over NATS beside, or instead of, its control FIFO. */
import { hostname } from 'node:os';
import type { BusServer } from '../../control/nats/bus-server.ts';
import type { BusSettings } from '../../control/nats/settings.ts';
import type { Responder } from '../../control/responder.ts';
import type { Engine } from '../../engine/engine.ts';
import { complain } from '../complain.ts';
import { version } from '../version.ts';
import type { LiveOptions } from './options.ts';

export class LiveFleet {
  readonly #host: string;
  readonly #group: string | undefined;
  readonly #settings: BusSettings;
  readonly #server: typeof BusServer;
  #joined: BusServer | undefined;

  private constructor(
    options: LiveOptions,
    host: string,
    settings: BusSettings,
    server: typeof BusServer,
  ) {
    this.#host = host;
    this.#group = options.group;
    this.#settings = settings;
    this.#server = server;
  }

  /**
   * @returns undefined where no fleet is to be joined
   * @throws {ImesdeError} ERR_IMESDE_USAGE, ERR_IMESDE_CONTROL where it never could be
   */
  static async prepare(options: LiveOptions): Promise<LiveFleet | undefined> {
    if (options.fleet !== true) return undefined;
    const { busSettings } = await import('../../control/nats/settings.ts');
    const { assertGroup, assertHost } = await import('../../control/nats/subjects.ts');
    const { name: host = hostname() } = options;
    assertGroup(options.group);
    assertHost(host);
    const settings = busSettings(options.server);
    const { BusServer: Server } = await import('../../control/nats/bus-server.ts');
    return new LiveFleet(options, host, settings, Server);
  }

  /** Never waits: joins when there is a server. */
  join(engine: Engine, responder: Responder): void {
    const { model } = engine.stats();
    this.#joined = new this.#server({
      settings: this.#settings,
      group: this.#group,
      responder,
      origin: { host: this.#host, model, rank: engine.rank, version },
      onProblem: complain,
    });
  }

  get droppedCount(): number {
    return this.#joined?.droppedCount ?? 0;
  }

  async close(): Promise<void> {
    await this.#joined?.close();
  }
}

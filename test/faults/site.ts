import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, type Running, type Site, startGatewayProcess, startSystem } from '../crash/processes.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Cable, layCable } from './cable.ts';
import { layWire, type Wire } from './wire.ts';

/** What Redis is started with, by the durability that gateways ask for. */
const LEVELS = {
  synced: ['--appendonly', 'yes', '--appendfsync', 'always'],
  relaxed: ['--appendonly', 'yes', '--appendfsync', 'everysec'],
  memory: [],
} as const;
export type Level = keyof typeof LEVELS;
const GATEWAYS = 3;
/** What creates an incident in the simulated system. */
const CREATE = 'POST /api/now/table/incident';

/** Gateways as operators start them, on one real Redis behind a wire, over one simulated ServiceNow. */
export class FaultSite {
  readonly wire: Wire;
  readonly audit: string;
  readonly level: Level;
  redis: RedisServer;
  /** To where Redis is, if that is a network of its own; then the wire is not used. */
  readonly cable: Cable | undefined;
  readonly #folder: string;
  readonly #system: Running & { readonly site: Site };
  readonly #gateways: Running[] = [];

  static async start(level: Level, { gateways = GATEWAYS, isApart = false } = {}): Promise<FaultSite> {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-faults-'));
    const cable = isApart ? layCable() : undefined;
    const redis = await startRedis({ args: argumentsFor(level), host: cable?.address, through: cable?.through });
    const wire = await layWire(redis.port);
    const site = new FaultSite({ folder, redis, wire, cable, level, system: await startSystem(folder) });
    for (let i = 0; i < gateways; i++) await site.startGateway(i);
    return site;
  }

  private constructor(parts: {
    readonly folder: string;
    readonly redis: RedisServer;
    readonly wire: Wire;
    readonly cable: Cable | undefined;
    readonly level: Level;
    readonly system: Running & { readonly site: Site };
  }) {
    this.#folder = parts.folder;
    this.redis = parts.redis;
    this.wire = parts.wire;
    this.cable = parts.cable;
    this.level = parts.level;
    this.#system = parts.system;
    this.audit = parts.system.site.audit;
  }

  get urls(): readonly string[] {
    return this.#gateways.map(({ url }) => url);
  }

  /** One place of its own for each: only Redis is shared. */
  async startGateway(index: number): Promise<void> {
    const shared = JSON.parse(readFileSync(this.#system.site.configuration, 'utf8'));
    const configuration = join(this.#folder, `gateway-${index}.yaml`);
    const url = this.cable === undefined ? `redis://127.0.0.1:${this.wire.port}` : this.redis.url;
    const redis = { url, prefix: 'faults', durability: this.level };
    writeFileSync(configuration, JSON.stringify({ ...shared, data: `data-${index}`, redis }));
    this.#gateways[index] = await startGatewayProcess({ ...this.#system.site, configuration });
  }

  async killGateway(index: number): Promise<void> {
    const gateway = this.#gateways[index];
    if (gateway !== undefined) await kill(gateway.child);
  }

  pauseGateway(index: number, paused: boolean): void {
    this.#gateways[index]?.child.kill(paused ? 'SIGSTOP' : 'SIGCONT');
  }

  /** The next incidents fail, each in its way: before or after the system has them. */
  async failCreates(
    faults: readonly { readonly when: 'before' | 'after'; readonly answer: number | 'reset' }[],
  ): Promise<void> {
    for (const fault of faults) {
      const body = JSON.stringify({ ...fault, call: CREATE });
      const headers = { 'content-type': 'application/json' };
      const { status } = await fetch(`${this.#system.url}/__simulator/faults`, { method: 'POST', headers, body });
      if (status !== 204) throw new Error(`the simulator answered ${status}`);
    }
  }

  /** Redis again, from what the killed one had on the disk. */
  async restartRedis(): Promise<void> {
    const { directory, port } = this.redis;
    this.redis = await startRedis({ args: argumentsFor(this.level), directory, port });
  }

  async close(): Promise<void> {
    for (const { child } of this.#gateways) {
      child.kill('SIGCONT');
      await kill(child);
    }
    await kill(this.#system.child);
    await this.wire.close();
    await this.redis.stop();
    this.cable?.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A replica is brought up at once, not after the five seconds in which others may come. */
function argumentsFor(level: Level): readonly string[] {
  return [...LEVELS[level], '--repl-diskless-sync-delay', '0'];
}

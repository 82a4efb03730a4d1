import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

const SLOTS = 16_384;
const READY_MS = 30_000;
/** Milliseconds after which a silent node counts as gone: soon, where others are to take over or to come together. */
const SOON_MS = 1_000;
/** The same where none is to be gone: a disk can be slow for seconds, and each node waits for its own. */
const LATE_MS = 5_000;

export interface RedisCluster {
  /** Of the first master; the rest are in `cluster`, as `RedisAddress` has them. */
  readonly url: string;
  readonly cluster: readonly string[];
  readonly masters: readonly RedisServer[];
  /** One for each master, in their order, where they were asked for. */
  readonly replicas: readonly RedisServer[];
  /** The first slot of each master. */
  readonly slotBounds: readonly number[];
  /** Milliseconds after which a silent node counts as gone; default: as at the start. */
  noticeAfter(ms?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real Redis Cluster of three masters, on free ports of this machine. */
export async function startCluster({
  args = [],
  replicas: hasReplicas = false,
}: {
  readonly args?: readonly string[];
  readonly replicas?: boolean;
} = {}): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    const own = ['--cluster-enabled', 'yes', '--cluster-node-timeout', `${SOON_MS}`, '--cluster-port'];
    while (servers.length < (hasReplicas ? 6 : 3)) servers.push(await startNode([...args, ...own]));
    const masters = servers.slice(0, 3);
    const replicas = servers.slice(3);
    const slotBounds = masters.map((_, index) => Math.floor((index * SLOTS) / masters.length));
    await join(masters, replicas, slotBounds);
    const [first, ...others] = servers.map(({ url }) => url);
    const noticeAfter = async (ms = hasReplicas ? SOON_MS : LATE_MS): Promise<void> => {
      for (const { url } of servers) await configure(url, 'cluster-node-timeout', ms);
    };
    await noticeAfter();
    return { url: first ?? '', cluster: others, masters, replicas, slotBounds, noticeAfter, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** The bus of the cluster needs a port of its own, and the usual one, 10,000 higher, may not exist. */
async function startNode(args: readonly string[]): Promise<RedisServer> {
  const bus = await freePort();
  return startRedis({ args: [...args, `${bus}`] });
}

async function join(
  masters: readonly RedisServer[],
  replicas: readonly RedisServer[],
  bounds: readonly number[],
): Promise<void> {
  const admins = [...masters, ...replicas].map(({ url }) => new Redis(url));
  try {
    const [first] = admins;
    if (first === undefined) throw new Error('A cluster has servers.');
    for (const [index, from] of bounds.entries()) {
      const to = (bounds[index + 1] ?? SLOTS) - 1;
      await admins[index]?.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      await admins[index]?.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    }
    for (const [index, { port }] of [...masters, ...replicas].entries())
      if (index > 0) await first.call('CLUSTER', 'MEET', '127.0.0.1', port, await busOf(admins[index]));
    await until('all nodes know each other', async () => {
      const known = await Promise.all(admins.map((admin) => admin.call('CLUSTER', 'INFO')));
      return known.every((info) => String(info).includes(`cluster_known_nodes:${admins.length}\r`));
    });
    for (const [index] of replicas.entries()) {
      const id = await admins[index]?.call('CLUSTER', 'MYID');
      await admins[masters.length + index]?.call('CLUSTER', 'REPLICATE', String(id));
    }
    await until('the cluster is whole', async () => {
      const infos = await Promise.all(admins.map((admin) => admin.call('CLUSTER', 'INFO')));
      const links = await Promise.all(admins.slice(masters.length).map((admin) => admin.info('replication')));
      return (
        infos.every((info) => String(info).includes('cluster_state:ok')) &&
        links.every((info) => info.includes('master_link_status:up'))
      );
    });
  } finally {
    for (const admin of admins) admin.disconnect();
  }
}

async function configure(url: string, name: string, value: number): Promise<void> {
  const node = new Redis(url);
  await node.config('SET', name, value);
  node.disconnect();
}

async function busOf(admin: Redis | undefined): Promise<string> {
  const [, port] = ((await admin?.config('GET', 'cluster-port')) ?? []) as string[]; // name and value
  return port ?? '';
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`In vain: ${what}.`);
}

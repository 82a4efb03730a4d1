import { join } from 'node:path';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { openLog } from '../../src/runtime/open-log.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { packEvent } from '../../src/workflow/redis-log/replies.ts';
import { startRedis } from '../../test/support/redis-server.ts';
import { BareGroupCommit } from '../bare-group-commit.ts';
import { coldOptions, writeColdPolicies } from '../cold/cold-options.ts';
import { BareScript } from '../redis/bare-script.ts';
import { Target } from './target.ts';

/** A gateway whose log is durable, and the bare append of the same row on the same disk. */
export interface Site {
  readonly target: Target;
  /** What `bare` is, in words. */
  readonly peer: string;
  bare(workflow: number): Promise<void>;
  close(): Promise<void>;
}

export async function openEmbedded(folder: string): Promise<Site> {
  const log = await openLog(coldOptions(folder).config, systemClock, {});
  const { target, close } = await openTarget(folder, log);
  const commits = await BareGroupCommit.open(join(folder, 'bare.jsonl'));
  const row = `${Object.values(target.recordedDecision()).join(' ')}\n`;
  return {
    target,
    peer: 'bare group commit',
    bare: () => commits.append(row),
    close: async () => {
      await close();
      await commits.close();
    },
  };
}

/** Over a Redis of its own that syncs what it is given before it answers. */
export async function openRedis(folder: string): Promise<Site> {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'], directory: folder });
  const log = await createRedisLog({ url: redis.url, prefix: 'bench', durability: 'synced' });
  const { target, close } = await openTarget(folder, log);
  const script = new BareScript(redis.url, packEvent(target.recordedDecision()));
  return {
    target,
    peer: 'bare script call',
    bare: (workflow) => script.append(`${workflow}`),
    close: async () => {
      await close();
      script.close();
      await redis.stop();
    },
  };
}

async function openTarget(folder: string, log: WorkflowLog) {
  writeColdPolicies(folder);
  const gateway = await startGateway({ ...coldOptions(folder), logger: createLogger('silent'), log });
  return { target: new Target(gateway, log), close: () => gateway.interlock.close() };
}

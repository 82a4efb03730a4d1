import type { RedisPlace } from '../../src/enrich/bullmq/queue-keys.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { randomIds } from '../../src/lib/ids.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { Workflows } from '../../src/workflow/workflows.ts';

export const TENANT = 'bench';

/** The workflows of one Redis, as one process sees them. */
export async function openSite({ url, prefix }: RedisPlace, clock: Clock = systemClock) {
  const log = await createRedisLog({ url, prefix, durability: 'memory' });
  return { log, workflows: new Workflows({ log, clock, ids: randomIds() }) };
}

export function workflowName(n: number): string {
  return `wf_${n}`;
}

/** Opens so many workflows. */
export async function openWorkflows({ workflows }: Awaited<ReturnType<typeof openSite>>, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    await Promise.all(some.map((n) => open(workflows, n)));
  }
}

const AT_ONCE = 200;

async function open(workflows: Workflows, n: number): Promise<void> {
  const stream = { tenant: TENANT, workflow: workflowName(n) };
  const payload = { ...stream, onBehalfOf: { id: 'ada' }, limits: {}, openedBy: 'bench', labels: [] };
  const { durable } = await workflows.create(stream, { type: 'workflow.opened', payload });
  await durable;
}

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { request } from '../crash/burst.ts';
import { KEY } from '../crash/processes.ts';
import { hasRedis } from '../support/redis-server.ts';
import { whyNoCables } from './cable.ts';
import { FAULTS, type Fault } from './faults.ts';
import { judge, type Verdict } from './judge.ts';
import { type Load, startLoad } from './load.ts';
import { FaultSite } from './site.ts';

const SETTLED_MS = 60_000;
/** Of the attempts that are over when the fault happens. */
const HAPPENS_AT = 60;

const noCables = hasRedis ? whyNoCables() : undefined;
const table: (Verdict & { readonly fault: string })[] = [];

describe.skipIf(!hasRedis)('three gateways on one Redis', () => {
  afterAll(() => console.log(tableOf(table)));

  if (noCables !== undefined) console.log(`not run: faults of the network. ${noCables}`);

  test.each(FAULTS.filter(({ isApart }) => isApart !== true || noCables === undefined))(
    '$name: no effect without its decision or twice, no budget exceeded, nothing lost in silence',
    {
      timeout: 240_000,
    },
    async (fault) => {
      const site = await FaultSite.start(fault.level ?? 'synced', { isApart: fault.isApart });
      try {
        const verdict = await oneFault(site, fault);
        table.push({ fault: fault.name, ...verdict });
        expect(verdict.wrong).toEqual([]);
        if (verdict.isWhole) expect(verdict.givenUp).toEqual({});
        else expect(Object.keys(verdict.givenUp)).toContain('LOG_LOST');
      } finally {
        await site.close();
      }
    },
  );
});

async function oneFault(site: FaultSite, fault: Fault): Promise<Verdict> {
  const load = await startLoad(site);
  while (load.over() < HAPPENS_AT) await pause(5);
  await fault.happen(site);
  await load.done;
  const isWhole = fault.losesHistory === 'perhaps' ? !load.wasTold('LOG_LOST') : fault.losesHistory !== true;
  if (isWhole) await settled(site, load);
  const log = await createRedisLog({ url: site.redis.url, prefix: 'faults', durability: site.level });
  try {
    return await judge(log, { audit: site.audit, load, isWhole });
  } finally {
    await log.close();
  }
}

/** Waits, at a gateway, until nothing is open any more: also what a dead one has left. */
async function settled(site: FaultSite, load: Load): Promise<void> {
  const open = async (): Promise<number> => {
    const details = await Promise.all(
      load.workflows.map((id) => request(`${site.urls[0]}/v1/workflows/${id}`, KEY).catch(() => ({ open: 1 }))),
    );
    return details.reduce((sum, { open: count }) => sum + Number(count), 0);
  };
  await expect.poll(open, { timeout: SETTLED_MS, interval: 250 }).toBe(0);
}

function tableOf(rows: readonly (Verdict & { readonly fault: string })[]): string {
  const lines = rows.map(({ fault, answered, effects, denied, unknown, givenUp, wrong }) => {
    const silent = Object.entries(givenUp).map(([why, count]) => `${count} ${why}`);
    return `| ${[fault, answered, effects, denied, unknown, silent.join(', ') || '0', wrong.length].join(' | ')} |`;
  });
  const head = '| fault | answered | effects | denied | unknown | refused for good | wrong |';
  return [head, '| --- | ---: | ---: | ---: | ---: | --- | ---: |', ...lines].join('\n');
}

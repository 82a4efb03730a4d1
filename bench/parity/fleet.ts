import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { openLog } from '../../src/runtime/open-log.ts';
import { type Gateway, startGateway } from '../../src/runtime/start-gateway.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { rememberedPolicies } from '../../test/support/remembered-policies.ts';
import { recordedTools } from '../agentdojo/recorded-tools.ts';
import type { Suite } from '../agentdojo/replay-runs.ts';
import { Stage } from './stage.ts';

/** Where the log is, how many gateways append to it, and whether they are told that another one has. */
export const MODES = {
  embedded: { isShared: false, gateways: 1, isTold: true },
  'Redis, one gateway': { isShared: true, gateways: 1, isTold: true },
  'Redis, four gateways': { isShared: true, gateways: 4, isTold: true },
  'Redis, four gateways without hints': { isShared: true, gateways: 4, isTold: false },
} as const;

export type Mode = keyof typeof MODES;

/** What every other mode is compared with. */
export const BASE: Mode = 'embedded';

/** The gateways of one mode, started on an empty log. */
export interface Fleet {
  readonly gateways: readonly [Gateway, ...Gateway[]];
  /** Of the first; what the others append is in it too. */
  readonly log: WorkflowLog;
  readonly stage: Stage;
  /** What went wrong at a gateway with nobody waiting for it, as it logs that. */
  readonly alarms: readonly string[];
  close(): Promise<void>;
}

interface FleetOptions {
  readonly suite: Suite;
  readonly mode: Mode;
  readonly redis: { readonly url: string; readonly prefix: string };
  /** Between a gateway and its log; tests break it here. */
  readonly logFor?: ((log: WorkflowLog, mode: Mode) => WorkflowLog) | undefined;
}

const POLICIES = ['parity.cedar', 'parity.signals.yaml'];

export async function openFleet({ suite, mode, redis, logFor = (log) => log }: FleetOptions): Promise<Fleet> {
  const directory = mkdtempSync(join(tmpdir(), 'interlock-parity-'));
  const stage = new Stage();
  const config = configIn(directory, suite);
  const alarms: string[] = [];
  const logger = pino({ level: 'error', base: null }, { write: (line) => alarms.push(line.trim()) });
  const openOne = async (): Promise<WorkflowLog> => {
    if (!MODES[mode].isShared) return openLog(config, stage.clock, {});
    const log = await createRedisLog({ ...redis, durability: 'memory' });
    return MODES[mode].isTold ? log : deaf(log);
  };
  const start = async (): Promise<[Gateway, WorkflowLog]> => {
    const log = logFor(await openOne(), mode);
    return [await startGateway({ ...partsOf(suite, stage), config, log, logger }), log];
  };
  const [first, log] = await start();
  const others: Gateway[] = [];
  while (others.length + 1 < MODES[mode].gateways) others.push((await start())[0]);
  const gateways: Fleet['gateways'] = [first, ...others];
  const close = async (): Promise<void> => {
    for (const { interlock } of gateways) await interlock.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { gateways, log, stage, alarms, close };
}

/** A hint may always be missing: here each is. */
function deaf(log: WorkflowLog): WorkflowLog {
  if (log.shared !== undefined) log.shared.onMoved = () => () => undefined;
  return log;
}

function configIn(directory: string, { policies }: Suite) {
  mkdirSync(join(directory, 'policies'));
  writeFileSync(join(directory, 'policies', 'suite.cedar'), policies);
  for (const name of POLICIES)
    writeFileSync(join(directory, 'policies', name), readFileSync(join(import.meta.dirname, name)));
  return parseConfig(
    { data: 'data', policies: ['policies'], judge: { share: 0 }, log: { synchronous: 'off' } },
    { file: 'parity', baseDirectory: directory },
  );
}

function partsOf({ tools, manifest }: Suite, stage: Stage) {
  const connector = recordedTools(tools, manifest, (input, mark) => stage.recall(input, mark));
  return {
    connectors: [{ system: 'recorded', connector, settings: {} }],
    clock: stage.clock,
    ids: stage.ids,
    policySets: rememberedPolicies,
  };
}

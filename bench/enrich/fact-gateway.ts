import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import type { RedisPlace } from '../../src/enrich/bullmq/queue-keys.ts';
import type { Caller, Interlock, Operator } from '../../src/gate/interlock.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { directoryConnector, OPERATION, SYSTEM } from './directory-connector.ts';

export const OPENER: Operator = {
  kind: 'operator',
  id: 'bench',
  tenant: 'bench',
  rights: new Set(['open']),
  groups: [],
};

const POLICIES = `@id("all") @title("All.") permit(principal, action, resource);
@id("known") @title("Nobody is read of whom nothing is known.") @unless("fact(directoryRisk, wait: 30s)")
forbid(principal, action, resource);`;

/** What is in Redis; the rest is in this process. */
export interface InRedis {
  readonly log?: RedisPlace | undefined;
  readonly queue?: RedisPlace | undefined;
}

/** A gateway whose every action waits for a fact about its record. */
export async function startFactGateway(directory: string, { log: place, queue }: InRedis = {}): Promise<Interlock> {
  writeFileSync(join(directory, 'facts.cedar'), POLICIES);
  const config = parseConfig({ policies: ['facts.cedar'] }, { file: 'bench', baseDirectory: directory });
  const log = place === undefined ? createMemoryLog() : await createRedisLog({ ...place, durability: 'memory' });
  const connectors = [
    { system: SYSTEM, connector: directoryConnector(async (person) => `of ${person}`), settings: {} },
  ];
  const { interlock } = await startGateway({
    config,
    connectors,
    log,
    logger: createLogger('silent'),
    lookUpQueue:
      queue === undefined
        ? undefined
        : ({ clock, alarm }) => new BullQueue({ redis: queue, clock, alarm, systemOf: () => SYSTEM }),
  });
  return interlock;
}

/** An agent that reads people, each of whom nothing is known yet. */
export class Reader {
  readonly workflow: string;
  readonly #interlock: Interlock;
  readonly #caller: Caller;
  #count = 0;

  private constructor(interlock: Interlock, workflow: string, caller: Caller) {
    this.#interlock = interlock;
    this.workflow = workflow;
    this.#caller = caller;
  }

  static async open(interlock: Interlock): Promise<Reader> {
    const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
    const { token } = await interlock.openSession(OPENER, id, { agent: 'reader' });
    return new Reader(interlock, id, await interlock.authenticate(token));
  }

  /** Asks to read another person, which has to wait; answers the action's id. */
  async ask(): Promise<string> {
    this.#count += 1;
    const id = `read-${this.#count}`;
    const held = await this.#interlock.run(this.#caller, { id, operation: OPERATION, input: { id: `person-${id}` } });
    if (held.decision !== 'defer') throw new Error(`It should wait for the fact: ${JSON.stringify(held)}`);
    return id;
  }

  /** Milliseconds from the durable decision to wait for the fact until the one that saw it has been executed. */
  async read(): Promise<number> {
    const id = await this.ask();
    const start = performance.now();
    const answer = await this.#interlock.action(this.#caller, id, WAIT_MS);
    if (answer.decision !== 'allow') throw new Error(`It should be allowed: ${JSON.stringify(answer)}`);
    return performance.now() - start;
  }
}

const WAIT_MS = 20_000;

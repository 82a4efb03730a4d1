import { Redis } from 'ioredis';
import { APPEND_SCRIPT } from '../../src/workflow/redis-log/append-script.ts';
import { tenantKeys } from '../../src/workflow/redis-log/keys.ts';

const KEYS = 11;
const TENANT = 'bare';
const HASH = 'sha256:0000000000000000000000000000000000000000000000000000000000000000';

type Scripted = Redis & { bareAppend(...given: readonly (string | number)[]): Promise<unknown> };

/** The floor: the script that a decision calls, with the bytes that a decision writes, and nothing else. */
export class BareScript {
  readonly #redis: Scripted;
  readonly #row: string;
  readonly #versions = new Map<string, number>();

  constructor(url: string, row: string) {
    const redis = new Redis(url);
    redis.defineCommand('bareAppend', { numberOfKeys: KEYS, lua: APPEND_SCRIPT });
    this.#redis = redis as Scripted; // that is what the line above does
    this.#row = row;
  }

  /** Appends one row to a workflow; one call at a time for each. */
  async append(workflow: string): Promise<void> {
    const version = this.#versions.get(workflow) ?? 0;
    this.#versions.set(workflow, version + 1);
    const { streams, opened, feed, meta, running, dormant, head, events, snapshot } = tenantKeys('bench', TENANT);
    const controls = [head('~tenant'), events('~tenant')];
    const keys = [
      head(workflow),
      events(workflow),
      streams,
      opened,
      feed,
      ...controls,
      meta,
      running,
      dormant,
      snapshot(workflow),
    ];
    const chain = [version, HASH, version + 1, HASH, Date.now(), Date.now(), 0, 0, workflow, 'bare', '', 'ep_bare'];
    const guard = [0, -1, '-', '', 0, 1, 0, -1, 'bench:moved', TENANT, `["${workflow}",${version}]`, '', ''];
    await this.#redis.bareAppend(...keys, ...chain, ...guard, this.#row);
  }

  close(): void {
    this.#redis.disconnect();
  }
}

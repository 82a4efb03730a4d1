import { type Fact, type FactSubject, type FactValue, factKey, isAsLate } from '../action/fact.ts';
import type { StreamId } from '../action/log-port.ts';
import type { Lookup } from '../connector/registry.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import { isOfType } from '../policy/facts-context.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { EnrichmentJob } from './enrichment-queue.ts';

export interface ObserverParts {
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  /** Where several processes look up: takes the place of a look-up that begins now. Throws QUEUE_UNAVAILABLE. */
  readonly fence?: ((stream: StreamId, fact: string, subject: FactSubject) => Promise<number>) | undefined;
}

/** Observations kept for other workflows of the tenant. */
const KEPT_MAX = 10_000;

/** Looks facts up and appends them to the workflows that want them; one look-up serves a tenant until it is too old. */
export class Observer {
  readonly #parts: ObserverParts;
  /** By tenant, fact and subject; the oldest first. */
  readonly #kept = new Map<string, Fact>();
  readonly #asking = new Map<string, Promise<Fact | undefined>>();

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /**
   * Appends the fact unless the workflow has one as new, or one observed at or after `since`, as a job that is run again
   * finds it. Throws what the look-up throws, LOG_UNAVAILABLE, QUEUE_UNAVAILABLE and NOT_FOUND.
   */
  async observe(job: EnrichmentJob, since?: number): Promise<void> {
    const { workflows, closing } = this.#parts;
    const key = factKey(job.fact, job.subject);
    const isDone = (known: Fact | undefined): boolean =>
      since !== undefined && known !== undefined && known.observedAt >= since;
    if (since !== undefined && isDone((await workflows.load(job.stream)).view.facts.get(key))) return;
    const fact = await this.#fact(job);
    if (fact === undefined) return;
    await workflows.commitUntilIn(
      job.stream,
      ({ facts }) => {
        const known = facts.get(key);
        const isNew = known === undefined || (!isDone(known) && !isAsLate(known, fact));
        return { events: isNew ? [{ type: 'fact.observed', payload: fact }] : [], result: undefined };
      },
      closing,
    );
  }

  #fact({ stream, fact, subject, anew }: EnrichmentJob): Promise<Fact | undefined> {
    const key = keyOf(stream, fact, subject);
    const kept = this.#kept.get(key);
    if (kept !== undefined && !anew && this.#parts.clock.now() < kept.expiresAt) return Promise.resolve(kept);
    const asking = this.#asking.get(key) ?? this.#ask(key, { stream, fact, subject });
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(
    key: string,
    { stream, fact: name, subject }: Pick<EnrichmentJob, 'stream' | 'fact' | 'subject'>,
  ): Promise<Fact | undefined> {
    try {
      const lookup = this.#parts.lookups.get(name);
      if (lookup === undefined) throw new InterlockError('INTERNAL', `nothing looks up the fact ${name}`);
      const fence = await this.#parts.fence?.(stream, name, subject);
      const observedAt = this.#parts.clock.now();
      const value = await this.#fetch(lookup, subject);
      if (value === undefined) return undefined;
      if (!isOfType(value, lookup.descriptor.type) || !isSmall(value))
        throw new InterlockError('RESPONSE_UNEXPECTED', `${name} is not of the type that its connector declares`);
      const expiresAt = observedAt + lookup.enricher.ttlMs;
      const labels = lookup.labelsOf(value);
      const said = { fact: name, subject, value, source: lookup.descriptor.system, observedAt, expiresAt };
      const observed = labels.length === 0 ? said : { ...said, labels };
      const fact = fence === undefined ? observed : { ...observed, fence };
      this.#keep(key, fact);
      return fact;
    } finally {
      this.#asking.delete(key);
    }
  }

  /** Within its time, and no longer than this process, whatever the connector makes of the signal. */
  #fetch({ enricher, context }: Lookup, subject: FactSubject): Promise<FactValue | undefined> {
    const { clock, closing } = this.#parts;
    const ended = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<FactValue | undefined>();
    const end = (why: string) => () => {
      ended.abort();
      reject(new InterlockError('SYSTEM_UNAVAILABLE', why));
    };
    const cancel = clock.after(BOUNDS.enrichmentMs, end(`no answer within ${BOUNDS.enrichmentMs} ms`));
    const close = end('the gateway is closing');
    closing.addEventListener('abort', close, { once: true });
    // In a function of its own: what throws at once is a failed look-up too, and leaves no timer behind.
    const look = async () => enricher.fetch(subject, context(ended.signal));
    look().then(resolve, reject);
    return promise.finally(() => {
      cancel();
      closing.removeEventListener('abort', close);
    });
  }

  #keep(key: string, fact: Fact): void {
    this.#kept.delete(key);
    this.#kept.set(key, fact);
    if (this.#kept.size <= KEPT_MAX) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Ids mean something within a tenant only. */
function keyOf({ tenant }: StreamId, fact: string, subject: FactSubject): string {
  return `${JSON.stringify(tenant)}${factKey(fact, subject)}`;
}

function isSmall(value: FactValue): boolean {
  const texts = Array.isArray(value) ? value : [value];
  return (
    texts.length <= BOUNDS.factElements &&
    texts.every((text) => typeof text !== 'string' || (text.length <= BOUNDS.factCharacters && text.isWellFormed()))
  );
}

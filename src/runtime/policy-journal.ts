import type { EventPayloads, NewEvent, StoredEvent } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import { parseEvent } from '../workflow/chain.ts';
import type { Workflows } from '../workflow/workflows.ts';

/** The stream in which a gateway records what concerns no single workflow; no tenant can have this name. */
export const SYSTEM_STREAM: StreamId = { tenant: '~system', workflow: 'policies' };

/** What the log says of policy sets. */
export interface PolicyHistory {
  readonly lastActivated: string | undefined;
  /** Sets that the compiled evaluator was found to answer wrongly for. */
  readonly disagreed: ReadonlySet<string>;
}

/** Which policies were in force when, and how they were evaluated, is part of the log. */
export class PolicyJournal {
  readonly #workflows: Workflows;

  constructor(workflows: Workflows) {
    this.#workflows = workflows;
  }

  async history(): Promise<PolicyHistory> {
    return policyHistory(await this.#workflows.log.read(SYSTEM_STREAM));
  }

  /** The same set again is no news. */
  async activated(policySet: string, by: string): Promise<void> {
    const { lastActivated } = await this.history();
    if (lastActivated === policySet) return;
    const event: NewEvent = { type: 'policy.activated', payload: { policySet, by } };
    const committed =
      lastActivated === undefined
        ? await this.#workflows.create(SYSTEM_STREAM, event)
        : await (await this.#workflows.load(SYSTEM_STREAM)).commit(() => ({ events: [event], result: undefined }));
    await committed.durable;
  }

  async disagreed(payload: EventPayloads['policy.disagreed'], signal: AbortSignal): Promise<void> {
    const events: readonly NewEvent[] = [{ type: 'policy.disagreed', payload }];
    await this.#workflows.commitUntilIn(SYSTEM_STREAM, () => ({ events, result: undefined }), signal);
  }
}

/** What the events of the {@link SYSTEM_STREAM} tell. */
export function policyHistory(events: Iterable<StoredEvent>): PolicyHistory {
  let lastActivated: string | undefined;
  const disagreed = new Set<string>();
  for (const stored of events) {
    // Nothing erases payloads of this stream, and one that is gone says nothing.
    if (stored.payload === undefined) continue;
    const event = parseEvent(stored);
    if (event.type === 'policy.activated') lastActivated = event.payload.policySet;
    if (event.type === 'policy.disagreed') disagreed.add(event.payload.policySet);
  }
  return { lastActivated, disagreed };
}

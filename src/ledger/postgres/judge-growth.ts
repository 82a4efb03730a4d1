import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamId } from '../../action/log-port.ts';
import { verifyLink } from '../../workflow/chain.ts';

/** What a feed says of a workflow: it has the events up to `to`, and those from `from` on are new. */
export interface Growth {
  readonly from: number;
  readonly to: number;
}

/** What is not added to the ledger, because it does not continue what is there. */
export interface Refusal extends StreamId {
  /** The first event that is wrong, or that is missing. */
  readonly seq: number;
  /** One plain sentence. */
  readonly detail: string;
  /** The ledger's own rows disagree: nothing is said about the log. */
  readonly isOfLedger?: true | undefined;
}

export interface Judged {
  /** Continue the head without a gap. */
  readonly fresh: readonly StoredEvent[];
  readonly head: Head | undefined;
  readonly refusal: Refusal | undefined;
}

/** The version after which the log is to be read: an event that the ledger has too shows whether both have one history. */
export function readAfter(head: Head | undefined, { from }: Growth): number {
  return Math.min(head?.version ?? 0, from - 1);
}

/** Judges what the log has behind {@link readAfter} as the continuation of what the ledger has. */
export function judgeGrowth(
  { tenant, workflow }: StreamId,
  stored: Head | undefined,
  { to, events }: Growth & { readonly events: readonly StoredEvent[] },
): Judged {
  const refuse = (seq: number, detail: string): Refusal => ({ tenant, workflow, seq, detail });
  const version = stored?.version ?? 0;
  const common = events.findLast(({ seq }) => seq <= version);
  if (common !== undefined && stored !== undefined && common.hash !== stored.hash) {
    const detail =
      common.seq < version
        ? `the log ends at event ${common.seq}, the ledger has ${version}`
        : `event ${version} of the log is not the one that the ledger has`;
    return { fresh: [], head: stored, refusal: refuse(Math.min(common.seq + 1, version), detail) };
  }
  const fresh: StoredEvent[] = [];
  let head = stored;
  for (const event of events) {
    // What is behind `to` is not known to be durable yet; an entry of its own will tell of it.
    if (event.seq <= version || event.seq > to) continue;
    const link = verifyLink({ tenant, workflow }, head, event);
    if (!link.ok) return { fresh, head, refusal: refuse(link.seq, link.problem) };
    head = link.head;
    fresh.push(event);
  }
  const last = head?.version ?? 0;
  if (last >= to) return { fresh, head, refusal: undefined };
  return { fresh, head, refusal: refuse(last + 1, `event ${last + 1} is missing: the feed tells of ${to} events`) };
}

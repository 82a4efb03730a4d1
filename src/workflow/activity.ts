import { EFFECT_KINDS, type Effect, type EffectKind } from '../action/effect.ts';
import { InternedRefs, internedRef } from '../action/entity-ref.ts';
import { systemOf } from '../action/names.ts';
import type { EntityRef } from '../action/policy-port.ts';
import type { ActivityView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';

/** All that an {@link Activity} knows, in JSON. */
export interface ActivityState {
  readonly actions: number;
  readonly denied: number;
  readonly tokens: number;
  readonly counts: Readonly<Record<EffectKind, number>>;
  readonly did: readonly string[];
  readonly deniedOperations: readonly string[];
  readonly systems: readonly string[];
  readonly labels: readonly string[];
  readonly sources: readonly (readonly [label: string, count: number])[];
  readonly endorsedAt: readonly (readonly [label: string, version: number])[];
}

/** What one session, or the whole workflow, has done: counters and small sets, each event O(1). */
export class Activity implements ActivityView {
  actions = 0;
  denied = 0;
  readonly counts: Record<EffectKind, number> = zeroCounts();
  #tokens = 0;
  readonly did = new InternedRefs();
  readonly deniedOperations = new InternedRefs();
  readonly systems = new InternedRefs();
  readonly labels = new InternedRefs();
  /** How many sources a label has; a label leaves only when the one read that promised it failed and showed nothing. */
  readonly #sources = new Map<EntityRef, number>();
  /** The version at which a label was last endorsed away. */
  readonly #endorsedAt = new Map<EntityRef, number>();

  reserve(operation: string, effect: Effect): void {
    this.actions += 1;
    this.counts[effect.kind] += effect.count;
    this.note(operation);
  }

  /** That it was done; what it counts is reserved elsewhere. */
  note(operation: string): void {
    this.did.add(internedRef('Action', operation));
    this.systems.add(internedRef('System', systemOf(operation)));
  }

  /** A failed action gives back what it reserved; that it was tried stays in `did`. */
  giveBack(effect: Effect): void {
    this.actions -= 1;
    this.counts[effect.kind] -= effect.count;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** What was reserved changes into what was taken, or is given back: the difference. */
  take(tokens: number): void {
    this.#tokens += tokens;
  }

  deny(operation: string): void {
    this.denied += 1;
    this.deniedOperations.add(internedRef('Action', operation));
  }

  /** Answers false where a label was forgotten at the bound, so that the caller can make the workflow stricter. */
  expose(labels: Iterable<string>): boolean {
    let kept = true;
    for (const label of labels) {
      const ref = internedRef('Label', label);
      if (!this.labels.has(ref) && this.labels.size >= BOUNDS.workflowLabels) {
        kept = false;
        continue;
      }
      this.labels.add(ref);
      this.#sources.set(ref, (this.#sources.get(ref) ?? 0) + 1);
    }
    return kept;
  }

  /** Takes back what a decision on version `seen` attached; an endorsement since has taken it away already. */
  retract(labels: Iterable<string>, seen: number): void {
    for (const label of labels) {
      const ref = internedRef('Label', label);
      if ((this.#endorsedAt.get(ref) ?? 0) > seen) continue;
      const sources = (this.#sources.get(ref) ?? 0) - 1;
      if (sources > 0) this.#sources.set(ref, sources);
      else {
        this.#sources.delete(ref);
        this.labels.delete(ref);
      }
    }
  }

  /** Puts back what {@link retract} took, under the same condition. */
  attachAgain(labels: readonly string[], seen: number): void {
    this.expose(labels.filter((label) => (this.#endorsedAt.get(internedRef('Label', label)) ?? 0) <= seen));
  }

  /** An endorsement takes a label away whatever it came from; reading it again brings it back. */
  endorse(label: string, version: number): void {
    const ref = internedRef('Label', label);
    this.#endorsedAt.set(ref, version);
    this.#sources.delete(ref);
    this.labels.delete(ref);
  }

  labelNames(): string[] {
    return idsOf(this.labels);
  }

  get state(): ActivityState {
    return {
      actions: this.actions,
      denied: this.denied,
      tokens: this.#tokens,
      counts: { ...this.counts },
      did: idsOf(this.did),
      deniedOperations: idsOf(this.deniedOperations),
      systems: idsOf(this.systems),
      labels: this.labelNames(),
      sources: [...this.#sources].map(([{ id }, count]) => [id, count]),
      endorsedAt: [...this.#endorsedAt].map(([{ id }, version]) => [id, version]),
    };
  }

  /** Into one that has done nothing yet. */
  restore(state: ActivityState): this {
    this.actions = state.actions;
    this.denied = state.denied;
    this.#tokens = state.tokens;
    Object.assign(this.counts, state.counts);
    for (const id of state.did) this.did.add(internedRef('Action', id));
    for (const id of state.deniedOperations) this.deniedOperations.add(internedRef('Action', id));
    for (const id of state.systems) this.systems.add(internedRef('System', id));
    for (const id of state.labels) this.labels.add(internedRef('Label', id));
    for (const [id, count] of state.sources) this.#sources.set(internedRef('Label', id), count);
    for (const [id, version] of state.endorsedAt) this.#endorsedAt.set(internedRef('Label', id), version);
    return this;
  }
}

function idsOf(refs: Iterable<EntityRef>): string[] {
  return [...refs].map(({ id }) => id);
}

function zeroCounts(): Record<EffectKind, number> {
  const counts: Partial<Record<EffectKind, number>> = {};
  for (const kind of EFFECT_KINDS) counts[kind] = 0;
  return counts as Record<EffectKind, number>; // every kind was just set
}

import type { Action } from '../../action/action.ts';
import type { NewEvent, WorkflowEvent } from '../../action/event.ts';
import { isInternal, type StreamId, type WorkflowLog } from '../../action/log-port.ts';
import type { SignalPlan, SignalValues } from '../../action/signal.ts';
import type { Reservation, SignalStore } from '../../action/signal-store.ts';
import type { WorkflowView } from '../../action/view.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Digest } from '../../lib/digest.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { Json } from '../../lib/json.ts';
import { changeOf } from './change-of.ts';
import type { Declarations } from './filled-signals.ts';
import { LocalSignals } from './local-signals.ts';
import { presentOf, recordedOccurrence } from './occurrence.ts';
import type { SignalState } from './signal-state.ts';
import { TenantSignals, type TenantSource } from './tenant-signals.ts';

const NOTHING: SignalValues = {};

/** The others need not read again what has changed nothing that counts. */
const NOTHING_CHANGED: Reservation = {
  guard: { seen: undefined, reads: [], touches: [], asks: [], tells: [], changes: '' },
  release: () => undefined,
};

function isCounted({ type }: NewEvent): boolean {
  return type === 'action.decided' || type === 'action.completed';
}

/** The signals of this process: those of a workflow go with its view, those of a tenant are filled from the log once. */
export class Signals implements SignalStore {
  readonly #log: WorkflowLog;
  readonly #underway: TenantSource['underway'];
  readonly #local = new WeakMap<WorkflowView, LocalSignals>();
  /** Most recently used last. */
  readonly #tenants = new Map<string, TenantSignals>();
  /** The one in force, or about to be, and the one before, which decides until then. */
  #plans: readonly SignalPlan[] = [];
  /** Of both, what is folded from more than one workflow. */
  #wide: Declarations = new Map();

  constructor(log: WorkflowLog, underway: TenantSource['underway']) {
    this.#log = log;
    this.#underway = underway;
    log.shared?.onFeed((tenant, entries, own) => this.#tenants.get(tenant)?.found(entries, own));
  }

  async prepare(plan: SignalPlan | undefined): Promise<void> {
    const before = this.#plans.at(-1);
    this.#plans = [before, plan].filter((each) => each !== undefined);
    const all = this.#plans.flatMap(({ declarations }) => [...declarations]);
    const wide: Declarations = new Map(all.filter(([, { scope }]) => scope !== 'workflow'));
    this.#wide = wide;
    await Promise.all(
      [...this.#tenants.values()].map((tenant) => {
        tenant.retain((signal) => wide.has(signal));
        return tenant.fill(wide);
      }),
    );
  }

  ready(tenant: string): Promise<void> | undefined {
    if (this.#wide.size === 0) return undefined;
    const signals = this.#tenant(tenant);
    return signals.has(this.#wide) ? undefined : signals.fill(this.#wide);
  }

  read(
    plan: SignalPlan,
    action: Action,
    { view, now }: { readonly view: WorkflowView; readonly now: number },
    before: readonly Action[] = [],
  ): SignalValues {
    const signals = plan.readBy.get(action.operation);
    if (signals === undefined) return NOTHING;
    const present = presentOf(action, view, now, action.partOf === undefined ? 0 : before.length + 1);
    // What counts of this very action, and of parts before it, from when they waited.
    const waiting = [action, ...before].flatMap(({ id }) => view.actions.get(id) ?? []);
    const without = waiting.map((record) => recordedOccurrence(view, record));
    const ahead = before.map((part, index) => presentOf(part, view, now, index + 1));
    const values: Record<string, Json> = {};
    for (const signal of signals) {
      const state = this.#state(plan, signal, view);
      if (this.#log.shared !== undefined && state.declaration.scope !== 'workflow')
        this.#tenants.get(view.tenant)?.noteRead(signal, state, present);
      const value = state.readAmong({ without, ahead }, present, now);
      if (value !== undefined) values[state.declaration.name] = value;
    }
    return values;
  }

  reserve(events: readonly NewEvent[], view: WorkflowView, now: number): Reservation | undefined {
    // The others are not told what it changes: they forget what was erased as well, and read the rest again.
    if (events.some(({ type }) => type === 'payloads.erased')) return undefined;
    const tenant = this.#tenants.get(view.tenant);
    if (tenant !== undefined) return tenant.reserve(events, view, now);
    return this.#log.shared === undefined || events.some(isCounted) ? undefined : NOTHING_CHANGED;
  }

  fold(event: WorkflowEvent, view: WorkflowView, isForeign: boolean): void {
    if (!isCounted(event)) return;
    // What other processes append to a shared log is counted as its feed tells it.
    const tenant = isForeign && this.#log.shared !== undefined ? undefined : this.#tenants.get(view.tenant);
    const local = this.#local.get(view);
    if (tenant === undefined && local === undefined) return;
    const change = changeOf(event, view);
    if (change === undefined) return;
    tenant?.fold(event.seq, change);
    local?.apply(change);
  }

  lost(stream: StreamId): void {
    if (!isInternal(stream)) this.#tenants.get(stream.tenant)?.reset();
  }

  #state(plan: SignalPlan, signal: Digest, view: WorkflowView): SignalState {
    const isLocal = plan.declarations.get(signal)?.scope === 'workflow';
    const state = isLocal
      ? this.#localOf(view).state(signal, plan, view)
      : this.#tenants.get(view.tenant)?.state(signal);
    if (state === undefined)
      throw new InterlockError('LOG_UNAVAILABLE', 'the signals of the tenant have to be read first');
    return state;
  }

  #localOf(view: WorkflowView): LocalSignals {
    const known = this.#local.get(view);
    if (known !== undefined) return known;
    const local = new LocalSignals();
    this.#local.set(view, local);
    return local;
  }

  #tenant(tenant: string): TenantSignals {
    const known = this.#tenants.get(tenant);
    const signals = known ?? new TenantSignals({ tenant, log: this.#log, underway: this.#underway });
    this.#tenants.delete(tenant);
    this.#tenants.set(tenant, signals);
    const [oldest] = this.#tenants;
    if (this.#tenants.size > BOUNDS.signalTenants && oldest?.[1].isIdle === true) this.#tenants.delete(oldest[0]);
    return signals;
  }
}

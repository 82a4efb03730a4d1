import type { FreezeScope } from '../../src/action/event.ts';
import type { Act, Scenario, Step } from './scenario.ts';
import type { Seeded } from './seeded.ts';

const GATEWAYS = 4;
const STEP_MS = 1_500;
/** More than anything is held for. */
const ALL_OVER_MS = 60 * 60_000;
const JUMP_MS = 20 * 60_000;
/** Steps after which a call under way is answered at the latest: its execution must not run out of time. */
const UNDER_WAY_STEPS = 8;

/** How often something happens between two calls. */
const SHARES = {
  jump: 0.04,
  question: 0.25,
  refused: 0.3,
  people: 0.06,
  again: 0.08,
  begin: 0.35,
  decide: 0.06,
  erased: 0.1,
};

/** A seeded order of all calls, some of them at once, with what people do meanwhile. Leaves nothing frozen behind. */
export function interleave(agents: Scenario['agents'], random: Seeded): readonly Step[] {
  return new Interleaving(agents, random).steps();
}

class Interleaving {
  readonly #random: Seeded;
  readonly #steps: Step[] = [];
  /** By agent: how many calls were made, how many there are, and the one under way. */
  readonly #agents: { made: number; readonly calls: number; underWay?: { call: number; since: number } | undefined }[];
  readonly #undone: Act[] = [];

  constructor(agents: Scenario['agents'], random: Seeded) {
    this.#random = random;
    this.#agents = agents.map(({ run }) => ({ made: 0, calls: run.calls.length }));
  }

  steps(): readonly Step[] {
    for (let agent = this.#choose(); agent !== undefined; agent = this.#choose()) {
      this.#call(agent);
      this.#between(agent);
      this.#endLate();
    }
    for (const agent of this.#agents.keys()) this.#finish(agent);
    for (const act of this.#undone) this.#add(act);
    this.#add({ kind: 'look', agent: 0, call: 0 }, ALL_OVER_MS);
    if (this.#random.is(SHARES.erased)) this.#add({ kind: 'erase', agent: 0 });
    return this.#steps;
  }

  #choose(): number | undefined {
    const left = [...this.#agents.keys()].filter((agent) => {
      const { made, calls, underWay } = this.#agents[agent] ?? { made: 0, calls: 0 };
      return made < calls || underWay !== undefined;
    });
    return left[this.#random.below(left.length)];
  }

  #call(agent: number): void {
    const state = this.#agents[agent];
    if (state === undefined) return;
    if (state.underWay !== undefined) return this.#finish(agent);
    const call = state.made++;
    const of = { agent, call };
    if (this.#random.is(SHARES.begin)) {
      state.underWay = { call, since: this.#steps.length };
      this.#add({ kind: 'begin', ...of });
    } else if (this.#random.is(SHARES.decide)) {
      this.#add({ kind: 'decide', ...of });
      if (this.#random.is(0.8)) this.#add({ kind: 'settle', ...of });
    } else this.#add({ kind: 'run', ...of });
  }

  #finish(agent: number): void {
    const state = this.#agents[agent];
    if (state?.underWay === undefined) return;
    this.#add({ kind: 'finish', agent, call: state.underWay.call });
    state.underWay = undefined;
  }

  #endLate(): void {
    for (const [agent, { underWay }] of this.#agents.entries())
      if (underWay !== undefined && this.#steps.length - underWay.since > UNDER_WAY_STEPS) this.#finish(agent);
  }

  #between(agent: number): void {
    const random = this.#random;
    const { made, underWay } = this.#agents[agent] ?? { made: 0 };
    if (random.is(SHARES.again) && made > 0 && underWay === undefined)
      this.#add({ kind: random.of(['again', 'look']), agent, call: random.below(made) });
    if (random.is(SHARES.question)) this.#add({ kind: random.is(SHARES.refused) ? 'deny' : 'approve' });
    if (random.is(SHARES.people)) this.#people(agent);
    if (random.is(SHARES.jump) && this.#agents.every((each) => each.underWay === undefined))
      this.#add({ kind: 'look', agent, call: 0 }, 1 + random.below(JUMP_MS));
  }

  #people(agent: number): void {
    const other = this.#random.below(this.#agents.length);
    const scope = this.#random.of<FreezeScope>([
      { kind: 'agent', id: `agent${agent}` },
      { kind: 'system', id: 'recorded' },
      { kind: 'tenant' },
    ]);
    const [act, undone] = this.#random.of<readonly [Act, Act?]>([
      [
        { kind: 'freeze', scope },
        { kind: 'thaw', scope },
      ],
      [
        { kind: 'freeze-workflow', workflow: other },
        { kind: 'thaw-workflow', workflow: other },
      ],
      [{ kind: 'message', agent, to: other }],
      [{ kind: 'message', agent: other, to: agent }],
      [{ kind: 'endorse', agent }],
      [{ kind: 'endorse', agent: other }],
      [
        { kind: 'quarantine', agent: other },
        { kind: 'release', agent: other },
      ],
      [{ kind: 'revoke', agent: other }],
    ]);
    this.#add(act);
    if (undone === undefined) return;
    // Sometimes it is taken back at once, and always in the end.
    if (this.#random.is(0.5)) this.#add(undone);
    else this.#undone.push(undone);
  }

  /** No two in one millisecond: what two gateways hold until the same one goes on in any order. */
  #add(act: Act, waitMs = 1 + this.#random.below(STEP_MS)): void {
    this.#steps.push({ ...act, gateway: this.#random.below(GATEWAYS), waitMs });
  }
}

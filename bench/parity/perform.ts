import type { Call } from '../../src/action/action.ts';
import { type StreamId, tenantStream } from '../../src/action/log-port.ts';
import type { Caller, Interlock, Operator } from '../../src/gate/interlock.ts';
import { RIGHTS } from '../../src/gate/interlock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { operationName } from '../agentdojo/recorded-tools.ts';
import type { Fleet } from './fleet.ts';
import type { Scenario, Step } from './scenario.ts';
import { type ActionRecord, newTranscript, type Transcript } from './transcript.ts';
import { Unrest } from './unrest.ts';

export const TENANT = 'parity';
const GROUPS = ['security', 'operations', 'finance'];
const PERSON: Operator = { kind: 'operator', id: 'person', tenant: TENANT, rights: new Set(RIGHTS), groups: GROUPS };
/** Whoever runs agents answers no questions of theirs. */
const APPROVER: Operator = { ...PERSON, id: 'approver' };
const WHY = 'a seeded step';

type OfCall = Extract<Step, { readonly call: number }>;

interface Agent {
  readonly workflow: string;
  readonly session: string;
  readonly token: string;
  readonly caller: Caller;
  /** The call under way: its answer comes after `release`. */
  underWay?: { readonly call: number; readonly release: () => void; readonly answer: Promise<unknown> } | undefined;
}

/** Plays scenarios on one fleet, one after the other, and writes down all that comes of them. */
export class Performance {
  readonly transcript: Transcript = newTranscript();
  readonly #fleet: Fleet;
  readonly #unrest: Unrest;
  /** Names of workflows and actions, for the paths. */
  readonly #names = new Map<string, string>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#unrest = new Unrest(fleet.log, () => fleet.stage.clock.now());
  }

  async play(scenario: Scenario): Promise<void> {
    const agents = await this.#enter(scenario);
    for (const [index, step] of scenario.steps.entries()) {
      const name = `${scenario.name}, step ${index + 1}`;
      await this.#pass(name, step.waitMs);
      this.#fleet.stage.ids.begin(name);
      await this.#take({ name, scenario, agents }, step);
      await this.#rest(agents);
    }
  }

  /** Everything, with what was frozen in the tenant and what the log has of each action. */
  async end(): Promise<Transcript> {
    await this.#unrest.rest(tenantStream(TENANT));
    for (const { stream, told, head } of this.#unrest.events.values()) {
      const others = told.filter((event) => {
        const record = this.#recordOf(stream, event.payload);
        record?.events.push(event);
        return record === undefined;
      });
      this.transcript.streams.set(this.#names.get(stream.workflow) ?? stream.workflow, { head, others });
    }
    for (const effect of this.#fleet.stage.effects) this.#record(effect.action).effects.push(effect);
    return this.transcript;
  }

  #at(step: { readonly gateway: number }): Interlock {
    const { gateways } = this.#fleet;
    return (gateways[step.gateway % gateways.length] ?? gateways[0]).interlock;
  }

  async #enter({ name, workflows, agents }: Scenario): Promise<readonly Agent[]> {
    const { ids } = this.#fleet.stage;
    const opened: string[] = [];
    for (const [index, request] of workflows.entries()) {
      ids.begin(`${name}, workflow ${index}`);
      const { id } = await this.#at({ gateway: index }).open(PERSON, request);
      this.#names.set(id, `${name}, workflow ${index + 1}`);
      opened.push(id);
    }
    const entered: Agent[] = [];
    for (const [index, { workflow }] of agents.entries()) {
      ids.begin(`${name}, agent ${index}`);
      const at = this.#at({ gateway: index + 1 });
      const session = await at.openSession(PERSON, opened[workflow] ?? '', { agent: `agent${index}` });
      entered.push({ ...session, caller: await at.authenticate(session.token) });
    }
    return entered;
  }

  /** Lets time pass, with a stop wherever something goes on by itself, so that it does in the same order everywhere. */
  async #pass(name: string, ms: number): Promise<void> {
    const { clock, ids } = this.#fleet.stage;
    const until = clock.now() + ms;
    for (let due = this.#unrest.nextDue(until); due !== undefined; due = this.#unrest.nextDue(until)) {
      ids.begin(`${name}, before, ${due}`);
      clock.advance(Math.max(due - clock.now(), 0));
      await this.#unrest.rest();
    }
    clock.advance(until - clock.now());
  }

  async #rest(agents: readonly Agent[]): Promise<void> {
    for (const workflow of new Set(agents.map((agent) => agent.workflow)))
      await this.#unrest.rest({ tenant: TENANT, workflow });
  }

  async #take(at: At, step: Step): Promise<void> {
    if ('call' in step) {
      const record = this.#record(pathOf(at.scenario, step));
      record.answers.push(await told(() => this.#call(at, step)));
    } else this.transcript.acts.set(`${at.name}: ${step.kind}`, await told(() => this.#act(at, step)));
  }

  async #call({ scenario, agents }: At, step: OfCall): Promise<unknown> {
    const agent = agents[step.agent];
    const recorded = scenario.agents[step.agent]?.run.calls[step.call];
    if (agent === undefined || recorded === undefined) throw new Error('The scenario names a call that there is not.');
    if (step.kind === 'finish') return this.#finish(agent, step);
    const interlock = this.#at(step);
    const caller = await callerAt(interlock, agent);
    const id = actionId(step);
    const stream = { tenant: TENANT, workflow: agent.workflow };
    const call: Call = { id, operation: operationName('recorded', recorded.tool), input: recorded.args };
    if (step.kind === 'look') return interlock.action(caller, id);
    if (step.kind === 'settle')
      return interlock.settle(caller, id, { status: recorded.error === undefined ? 'succeeded' : 'failed' });
    if (step.kind === 'again') return interlock.run(caller, call);
    const name = pathOf(scenario, step);
    const { begun, release } = this.#fleet.stage.expect(stream, {
      id,
      name,
      call: recorded,
      isHeld: step.kind === 'begin',
    });
    this.#names.set(`${agent.workflow} ${id}`, name);
    if (step.kind === 'decide') return interlock.decide(caller, call);
    const answer = told(() => interlock.run(caller, call));
    if (step.kind === 'run') return answer;
    agent.underWay = { call: step.call, release, answer };
    this.#unrest.mayTake(stream, id);
    return Promise.race([answer, begun.then(() => 'it executes')]);
  }

  async #finish(agent: Agent, step: OfCall): Promise<unknown> {
    const { underWay } = agent;
    if (underWay?.call !== step.call) throw new Error('The scenario ends a call that has not begun.');
    agent.underWay = undefined;
    this.#unrest.mayEnd({ tenant: TENANT, workflow: agent.workflow }, actionId(step));
    underWay.release();
    return underWay.answer;
  }

  async #act({ agents }: At, step: Exclude<Step, OfCall>): Promise<unknown> {
    const interlock = this.#at(step);
    const agent = 'agent' in step ? agents[step.agent] : undefined;
    const { workflow = '', session = '' } = agent ?? {};
    switch (step.kind) {
      case 'approve':
      case 'deny':
        return this.#answer(interlock, step.kind, new Set(agents.map((each) => each.workflow)));
      case 'freeze':
      case 'thaw':
        return interlock.setFreeze(PERSON, { scope: step.scope, frozen: step.kind === 'freeze', reason: WHY });
      case 'freeze-workflow':
      case 'thaw-workflow':
        return interlock.freeze(PERSON, agents[step.workflow]?.workflow ?? '', step.kind === 'freeze-workflow', WHY);
      case 'message': {
        const to = agents[step.to]?.session ?? '';
        const from = agent === undefined ? PERSON : await callerAt(interlock, agent);
        return interlock.message(from, workflow, { to, kind: 'hand-off', text: WHY });
      }
      case 'endorse':
        return interlock.endorse(PERSON, workflow, { session, label: 'untrusted', reason: WHY });
      case 'revoke':
        return interlock.revokeSession(PERSON, workflow, session, WHY, 'keep');
      case 'quarantine':
        return interlock.quarantine(PERSON, workflow, { session, reason: WHY });
      case 'release':
        return interlock.release(PERSON, workflow, { session, reason: WHY });
      case 'erase':
        return interlock.erase(PERSON, workflow, { reason: WHY });
      default:
        return step satisfies never;
    }
  }

  /** All questions of the action that has waited longest. */
  async #answer(interlock: Interlock, answer: 'approve' | 'deny', of: ReadonlySet<string>): Promise<unknown> {
    const all = (await interlock.approvals(APPROVER)).filter(({ workflow }) => of.has(workflow));
    const asked = all.filter(({ workflow, action }) => workflow === all[0]?.workflow && action === all[0].action);
    const answered: unknown[] = [];
    for (const { id } of asked) {
      const given = () => interlock.answerApproval(APPROVER, id, { answer, reason: WHY });
      // The action goes on meanwhile: whether its approval is consumed already when the approver is told is chance.
      answered.push(await told(async () => ({ ...(await given()), state: answer })));
    }
    return { all, answered };
  }

  #recordOf({ workflow }: StreamId, payload: unknown): ActionRecord | undefined {
    const { action, approval } = payload as { readonly action?: string; readonly approval?: string }; // of some events
    const of = action ?? (approval === undefined ? undefined : this.#asked.get(approval));
    for (const { id } of (payload as { readonly approvals?: readonly { readonly id: string }[] }).approvals ?? [])
      this.#asked.set(id, action ?? '');
    const name = this.#names.get(`${workflow} ${of}`);
    return name === undefined ? undefined : this.#record(name);
  }

  /** Actions by the questions that they asked. */
  readonly #asked = new Map<string, string>();

  #record(path: string): ActionRecord {
    const { actions } = this.transcript;
    const record = actions.get(path) ?? { answers: [], events: [], effects: [] };
    actions.set(path, record);
    return record;
  }
}

interface At {
  readonly name: string;
  readonly scenario: Scenario;
  readonly agents: readonly Agent[];
}

const actionId = ({ agent, call }: OfCall): string => `a${agent}.c${call}`;
const pathOf = ({ name }: Scenario, { agent, call }: OfCall): string => `${name}, agent ${agent + 1}, call ${call + 1}`;

/**
 * Whose token it is. Once a gateway has heard of a revocation it refuses the token; until then its decision does, and it
 * is the decision that is compared: it is asked for in either case.
 */
function callerAt(interlock: Interlock, { token, caller }: Agent): Promise<Caller> {
  return interlock.authenticate(token).catch(() => caller);
}

/** An answer without what names its log, or an error as the code that its caller is told. */
async function told(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    const answer = await ask();
    if (typeof answer !== 'object' || answer === null) return answer;
    const { durability: _, ...rest } = answer as { readonly durability?: unknown }; // an answer of the gate has one
    return Array.isArray(answer) ? answer : rest;
  } catch (thrown) {
    if (!(thrown instanceof InterlockError)) throw thrown;
    return { code: thrown.code, detail: thrown.message };
  }
}

import type { Call } from '../../src/action/action.ts';
import { type StreamId, tenantStream } from '../../src/action/log-port.ts';
import type { Interlock } from '../../src/gate/interlock.ts';
import { operationName } from '../agentdojo/recorded-tools.ts';
import { type Agent, callerAt, PERSON, TENANT, told } from './agents.ts';
import type { Fleet } from './fleet.ts';
import { act } from './people.ts';
import type { Scenario, Step } from './scenario.ts';
import { type ActionRecord, newTranscript, type Transcript } from './transcript.ts';
import { Unrest } from './unrest.ts';

type OfCall = Extract<Step, { readonly call: number }>;

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
      return;
    }
    const rest = (workflow: string): Promise<void> => this.#unrest.rest({ tenant: TENANT, workflow });
    const scene = { interlock: this.#at(step), agents: at.agents, rest };
    this.transcript.acts.set(`${at.name}: ${step.kind}`, await told(() => act(scene, step)));
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

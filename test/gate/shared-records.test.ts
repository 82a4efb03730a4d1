import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import servicenow from '../../connectors/servicenow/index.ts';
import { ids } from '../../connectors/servicenow/samples.ts';
import workday from '../../connectors/workday/index.ts';
import { seededId } from '../../connectors/workday/simulator/tenant.ts';
import type { Call } from '../../src/action/action.ts';
import type { AnyConnector, Simulator } from '../../src/connector/contract.ts';
import type { Answer } from '../../src/gate/answers.ts';
import type { Caller } from '../../src/gate/interlock.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { isJsonObject } from '../../src/lib/json.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { newDirectory, OPENER, operator } from '../support/test-gateway.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICIES = ['baseline', 'servicenow.cedar', 'workday.cedar'].map((name) => join(ROOT, 'policies', name));
const SECURITY = operator('grace', ['approve'], ['security']);

/** What a pay slip exposes to; reading any ticket exposes to `untrusted`, for which the baseline asks a human. */
const PAY = ['compensation', 'hr', 'pii'];

const call = (operation: string, input: JsonObject): Call => ({ operation, input });
const readPay = () => call('workday.worker.pay-slips', { workerId: seededId('worker/amara-okafor') });
const get = (sys_id: string) => call('servicenow.incident.get', { sys_id });
const note = (sys_id: string) => call('servicenow.incident.update', { sys_id, work_notes: 'See the figures.' });
const tellCaller = (sys_id: string) => call('servicenow.incident.update', { sys_id, comments: 'Here they are.' });
const searchFor = (title: string) =>
  call('servicenow.incident.search', {
    where: [{ field: 'short_description', operator: 'equals', values: [title] }],
  });

async function simulated(connector: AnyConnector) {
  if (connector.simulate === undefined) throw new Error('the connector has no simulator');
  const simulator: Simulator = await connector.simulate({ port: 0 });
  onTestFinished(() => simulator.close());
  return { simulator, instance: { system: connector.system, connector, settings: simulator.settings } };
}

interface Agent {
  readonly caller: Caller;
  readonly session: string;
  run(made: Call): Promise<Answer>;
}

/** A gateway with the real policies, two simulated systems, and a workflow whose agents are opened by name. */
async function company() {
  const directory = newDirectory();
  const [tickets, pay] = [await simulated(servicenow), await simulated(workday)];
  const { interlock } = await startGateway({
    config: parseConfig({ data: 'data', policies: POLICIES }, { file: 'test', baseDirectory: directory }),
    connectors: [tickets.instance, pay.instance],
    logger: createLogger('silent'),
  });
  onTestFinished(() => interlock.close());
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const agent = async (name: string): Promise<Agent> => {
    const { token, session } = await interlock.openSession(OPENER, workflow, { agent: name });
    const caller = await interlock.authenticate(token);
    return { caller, session, run: (made: Call) => interlock.run(caller, made) };
  };
  const labelsOf = async (session: string) => {
    const { sessions } = await interlock.workflow(OPENER, workflow);
    return [...(sessions.find(({ id }) => id === session)?.labels ?? [])].sort();
  };
  const tell = (from: Agent, to: Agent) =>
    interlock.message(from.caller, workflow, { to: to.session, kind: 'message', text: 'Please answer that ticket.' });
  return { interlock, tickets: tickets.simulator, agent, labelsOf, tell };
}

type Company = Awaited<ReturnType<typeof company>>;

/** The result of an action that was allowed and succeeded; fails the test for anything else. */
function done(answer: Answer): JsonObject {
  expect(answer).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
  return isJsonObject(answer.outcome?.result) ? answer.outcome.result : {};
}

/** The sys_id of a ticket opened by somebody who had read nothing. */
async function ticket({ agent }: Company, short_description: string): Promise<string> {
  const { run } = await agent('intake');
  return String(done(await run(call('servicenow.incident.create', { short_description })))['sys_id']);
}

describe('pay, a ticket, another agent, the outside', () => {
  const HOPS = ['read', 'write', 'find'] as const;

  /** A reads pay slips and writes a note on a ticket; B gets the ticket and writes to its caller. */
  async function hops(left?: (typeof HOPS)[number]) {
    const here = await company();
    const [written, other] = [await ticket(here, 'New laptop'), await ticket(here, 'Old printer')];
    const [a, b] = [await here.agent('a'), await here.agent('b')];
    if (left !== 'read') expect((await a.run(readPay())).outcome?.status).toBe('succeeded');
    if (left !== 'write') done(await a.run(note(written)));
    done(await b.run(get(left === 'find' ? other : written)));
    return { ...here, a, b, written, other };
  }

  test('together are a leak, and the last step is denied', async () => {
    const { b, written } = await hops();
    expect(await b.run(tellCaller(written))).toMatchObject({
      decision: 'deny',
      reasons: expect.arrayContaining([expect.objectContaining({ policy: 'no-sensitive-data-to-the-outside' })]),
    });
  });

  test.each(HOPS)('are none without the %s: then a human may say yes', async (left) => {
    const { interlock, b, written } = await hops(left);
    const held = await b.run({ ...tellCaller(written), id: 'tell' });
    expect(held).toMatchObject({ decision: 'step_up', approval: { groups: ['security'] } });
    const [approval = ''] = held.approval?.ids ?? [];
    await interlock.answerApproval(SECURITY, approval, { answer: 'approve', reason: 'It is about the laptop.' });
    done(await interlock.action(b.caller, 'tell', 10_000));
  });

  test('are denied to whom B writes, and not to whom C writes, which read another ticket', async () => {
    const here = await hops();
    const [c, d, e] = [await here.agent('c'), await here.agent('d'), await here.agent('e')];
    done(await c.run(get(here.other)));
    await here.tell(here.b, d);
    await here.tell(c, e);
    expect(await d.run(tellCaller(here.other))).toMatchObject({ decision: 'deny' });
    expect(await c.run(tellCaller(here.other))).toMatchObject({ decision: 'step_up' });
    expect(await e.run(tellCaller(here.other))).toMatchObject({ decision: 'step_up' });
  });

  test('are explained step by step', async () => {
    const { interlock, b, written } = await hops();
    const { seen } = await interlock.explain(b.caller, (await b.run(tellCaller(written))).id);
    expect(seen.paths.find(({ label }) => label === 'compensation')?.steps).toEqual([
      expect.stringMatching(/^a read it by workday.worker.pay-slips/),
      expect.stringMatching(new RegExp(`^b read ServiceNow::Incident ${written}, which a wrote`)),
    ]);
  });

  test('begin with a ticket that A opened itself just as well', async () => {
    const { agent, labelsOf } = await company();
    const [a, b, c] = [await agent('a'), await agent('b'), await agent('c')];
    await a.run(readPay());
    const created = call('servicenow.incident.create', { short_description: 'Figures' });
    const { sys_id } = done(await a.run(created));
    done(await b.run(get(String(sys_id))));
    done(await c.run(get(ids.incident)));
    expect(await labelsOf(b.session)).toEqual([...PAY, 'untrusted']);
    expect(await labelsOf(c.session)).toEqual(['untrusted']);
  });
});

describe('what A knew reaches B', () => {
  async function written() {
    const here = await company();
    const sysId = await ticket(here, 'New laptop');
    await ticket(here, 'Old printer');
    const [a, b] = [await here.agent('a'), await here.agent('b')];
    await a.run(readPay());
    done(await a.run(note(sysId)));
    return { ...here, sysId, b };
  }

  test('with the answer of a search that found the ticket, and not with one that found another', async () => {
    const { b, labelsOf } = await written();
    done(await b.run(searchFor('Old printer')));
    expect(await labelsOf(b.session)).toEqual(['untrusted']);
    done(await b.run(searchFor('New laptop')));
    expect(await labelsOf(b.session)).toEqual([...PAY, 'untrusted']);
  });

  test('with the decision where the ticket is named, and with the report where it was found', async () => {
    const { interlock, agent, labelsOf, b: named, sysId } = await written();
    const found = await agent('found');
    await interlock.decide(named.caller, get(sysId));
    const permit = await interlock.decide(found.caller, searchFor('New laptop'));
    expect(await labelsOf(named.session)).toEqual([...PAY, 'untrusted']);
    expect(await labelsOf(found.session)).toEqual(['untrusted']);
    const result = { records: [{ sys_id: sysId }], more: false };
    await interlock.settle(found.caller, permit.id, { status: 'succeeded', result });
    expect(await labelsOf(found.session)).toEqual([...PAY, 'untrusted']);
  });
});

describe('a write that', () => {
  const WRITES = [
    { what: 'was denied', write: tellCaller, fault: undefined, ended: { decision: 'deny' }, carries: false },
    {
      what: 'may have happened',
      write: note,
      fault: { when: 'after', answer: 'reset' },
      ended: { decision: 'allow', outcome: { status: 'unknown' } },
      carries: true,
    },
  ] as const;

  test.each(WRITES)(
    '$what: what its author knew reaches readers: $carries',
    async ({ write, fault, ended, carries }) => {
      const here = await company();
      const sysId = await ticket(here, 'New laptop');
      const [a, b] = [await here.agent('a'), await here.agent('b')];
      await a.run(readPay());
      if (fault !== undefined) here.tickets.fail({ ...fault, call: 'PATCH ' });
      expect(await a.run(write(sysId))).toMatchObject(ended);
      done(await b.run(get(sysId)));
      expect(await here.labelsOf(b.session)).toEqual([...(carries ? PAY : []), 'untrusted']);
    },
  );

  test('certainly did not happen carries nothing', async () => {
    const here = await company();
    const sysId = await ticket(here, 'New laptop');
    const [a, b] = [await here.agent('a'), await here.agent('b')];
    await a.run(readPay());
    here.tickets.fail({ when: 'before', answer: 403, call: 'PATCH ' });
    expect(await a.run(note(sysId))).toMatchObject({ decision: 'allow', outcome: { status: 'failed' } });
    done(await b.run(get(sysId)));
    expect(await here.labelsOf(b.session)).toEqual(['untrusted']);
  });

  test('is answered with what another wrote there before brings that to its author', async () => {
    const here = await company();
    const sysId = await ticket(here, 'New laptop');
    const [a, b] = [await here.agent('a'), await here.agent('b')];
    await a.run(readPay());
    const categorise = (category: string) => call('servicenow.incident.update', { sys_id: sysId, category });
    done(await a.run(categorise('earns 100000')));
    expect(done(await b.run(categorise('hardware')))).toMatchObject({ former: { category: 'earns 100000' } });
    expect(await here.labelsOf(b.session)).toEqual(PAY);
  });
});

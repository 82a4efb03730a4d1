import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const ADMIN = operator('admin');

const POLICIES = `${PERMIT_ALL}
@id("no-sending") @title("Nothing is sent.") forbid(principal, action == Action::"notes.note.send", resource);
@id("few") @title("Few copies.") @unless("cap(input.copies, 3)")
forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 3 };
@id("ask") @title("Somebody looks at it.") @unless("approval(admins, within: 1h)")
forbid(principal, action == Action::"odd.thing.write", resource) when { context.input has text && context.input.text == "ask" };`;

const CALLS: readonly { readonly operation: string; readonly input: JsonObject }[] = [
  { operation: 'notes.note.write', input: { id: 'n1', text: 'a “quoted” \u2028 text' } },
  { operation: 'notes.note.write', input: { text: 'capped', copies: 9, id: 'n2' } },
  { operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } },
  { operation: 'notes.note.read', input: { id: 'n1' } },
  { operation: 'notes.note.read', input: { id: 'hr-9' } },
  { operation: 'odd.thing.write', input: { text: 'ask', nested: { 10: 1, 9: [null, { b: 1, a: -0 }] } } },
  { operation: 'odd.thing.read', input: { items: [{ b: 1 }, 'x'] } },
];

test('what a gateway shows of its own events is what another one reads from the log', async () => {
  const log = createMemoryLog();
  const first = await testGateway({ policies: POLICIES, log });
  const { workflow, caller, run } = await first.agent({ limits: { actions: 100 }, mandate: 'Write notes.' });
  const ids: string[] = [];
  for (const call of CALLS) {
    ids.push((await run(call)).id);
    ids.push((await first.interlock.decide(caller, call)).id);
  }
  const second = await testGateway({ policies: POLICIES, log: { ...log, close: async () => undefined } });
  for (const show of [
    (gateway: typeof first) => gateway.interlock.workflow(ADMIN, workflow),
    (gateway: typeof first) => gateway.interlock.graph(ADMIN, workflow),
    (gateway: typeof first) => Promise.all(ids.map((id) => gateway.interlock.action(caller, id))),
    (gateway: typeof first) => Promise.all(ids.map((id) => gateway.interlock.explain(caller, id))),
  ])
    expect(await show(first)).toStrictEqual(await show(second));
});

test('what a connector does to its own objects later changes nothing that was decided', async () => {
  const { agent, odd, interlock } = await testGateway();
  const labels = ['hr'];
  odd.labels = () => labels;
  const handle = { job: 'j1' };
  odd.execute = async () => ({ status: 'accepted', handle });
  const { caller, workflow, run } = await agent();
  const { id } = await run({ operation: 'odd.thing.write', input: { text: 'x' } });
  labels.push('untrusted');
  handle.job = 'another';
  const probed = new Promise<unknown>((resolve) => {
    odd.probe = async (_input, { handle: asked }) => {
      resolve(asked);
      return { status: 'applied' };
    };
  });
  expect(await probed).toEqual({ job: 'j1' });
  expect(JSON.stringify(await interlock.explain(caller, id))).not.toContain('untrusted');
  expect(JSON.stringify(await interlock.graph(operator('admin'), workflow))).not.toContain('untrusted');
});

test('an input that changes between its decision and its execution is not executed', async () => {
  const { agent, odd } = await testGateway();
  let held: Record<string, unknown> = {};
  odd.labels = () => [];
  odd.keep = (input) => {
    held = input;
  };
  const { run } = await agent();
  odd.effect = () => {
    queueMicrotask(() => {
      held['text'] = 'another';
    });
    return { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 };
  };
  const answer = await run({ operation: 'odd.thing.write', input: { text: 'x' } });
  expect(answer).toMatchObject({ outcome: { status: 'failed', code: 'INTERNAL' } });
  expect(odd.executions).toBe(0);
});

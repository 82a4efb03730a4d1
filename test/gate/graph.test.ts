import { describe, expect, test } from 'vitest';
import { type GraphForm, renderGraph } from '../../src/surface/cli/render-graph.ts';
import { OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const ADMIN = operator('root', ['administer']);
const NO_LEAK = `${PERMIT_ALL}
@id("no-leak") @title("What has read HR data sends nothing outside.")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };`;

/** hr-agent reads an HR note and tells desk; desk tries to send something outside and is denied. */
async function leak() {
  const gateway = await testGateway({ policies: NO_LEAK });
  const { interlock, system } = gateway;
  system.notes.set('hr-1', 'salary');
  const { workflow, caller: reader } = await gateway.agent({}, 'hr-agent');
  const { token, session } = await interlock.openSession(OPENER, workflow, { agent: 'desk' });
  const desk = await interlock.authenticate(token);
  await interlock.run(reader, { operation: 'notes.note.read', input: { id: 'hr-1' } });
  await interlock.message(reader, workflow, { to: session, kind: 'message', text: 'see there' });
  const send = { id: 'send', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
  const answer = await interlock.run(desk, send);
  return { ...gateway, workflow, session, desk, answer, send };
}

describe('the graph of a workflow', () => {
  test('has agents, systems, resources and typed edges, denied attempts included', async () => {
    const { interlock, workflow, answer } = await leak();
    expect(answer).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
    const { nodes, edges, complete } = await interlock.graph(ADMIN, workflow);
    const name = (id: string) => nodes.find((node) => node.id === id)?.name;
    const words = edges.map(({ from, to, kind }) => `${name(from)} ${kind} ${name(to)}`);
    expect(words).toEqual(
      expect.arrayContaining([
        'ada delegated hr-agent',
        'ada delegated desk',
        'credential opener let-in hr-agent',
        'hr-agent told desk',
        'hr-agent used notes',
        'hr-agent read Notes::Note hr-1',
        'desk denied Notes::Note n1',
      ]),
    );
    expect(words).not.toContain('desk used notes');
    expect(nodes.find(({ name: agent }) => agent === 'desk')?.labels).toEqual(['hr']);
    expect(complete).toBe(true);
  });

  test.each(['text', 'dot', 'mermaid'] as const satisfies readonly GraphForm[])(
    'is drawn as %s without letting a name out of its quotes',
    async (form) => {
      const { interlock, workflow } = await leak();
      const graph = JSON.parse(JSON.stringify(await interlock.graph(ADMIN, workflow)));
      graph.nodes[0].name = 'x"]; evil --> all\n\u001b[31m';
      const drawn = renderGraph(graph, form);
      expect(drawn).toContain('denied');
      expect(drawn).not.toContain('\u001b');
      // A line of text has no quotes to break out of.
      if (form !== 'text') expect(drawn).not.toContain('x"]');
    },
  );
});

describe('an explanation', () => {
  test('names the path on which the agent came to what it was refused for', async () => {
    const { interlock, desk, answer } = await leak();
    const { seen } = await interlock.explain(desk, answer.id);
    expect(seen.paths).toEqual([
      {
        label: 'hr',
        steps: [expect.stringMatching(/^hr-agent read it by notes.note.read/), 'desk got a message from hr-agent'],
      },
    ]);
  });
});

describe('a label', () => {
  test('is lost by nothing but a recorded endorsement, after which the same call is allowed', async () => {
    const { interlock, workflow, session, desk, send } = await leak();
    await interlock.endorse(ADMIN, workflow, { session, label: 'hr', reason: 'It was a test record.' });
    expect(await interlock.run(desk, { ...send, id: 'again' })).toMatchObject({ decision: 'allow' });
    expect((await interlock.workflow(ADMIN, workflow)).sessions.find(({ id }) => id === session)?.labels).toEqual([]);
  });

  test('comes back with the next read', async () => {
    const { interlock, workflow, session, desk, send } = await leak();
    await interlock.endorse(ADMIN, workflow, { session, label: 'hr', reason: 'It was a test record.' });
    await interlock.run(desk, { operation: 'notes.note.read', input: { id: 'hr-1' } });
    expect(await interlock.run(desk, { ...send, id: 'again' })).toMatchObject({ decision: 'deny' });
  });

  test.each([
    ['an agent', undefined, 'FORBIDDEN'],
    ['an operator without the right', operator('x', ['open', 'approve']), 'FORBIDDEN'],
    ['an administrator of another tenant', { ...ADMIN, tenant: 'other' }, 'NOT_FOUND'],
  ] as const)('is not taken away by %s', async (_who, caller, code) => {
    const { interlock, workflow, session, desk } = await leak();
    const endorsing = interlock.endorse(caller ?? desk, workflow, { session, label: 'hr', reason: 'because' });
    await expect(endorsing).rejects.toMatchObject({ code });
  });

  test('travels with the record that an exposed agent wrote', async () => {
    const { interlock, agent, system } = await testGateway({ policies: NO_LEAK });
    system.notes.set('hr-1', 'salary');
    const { workflow, run, caller } = await agent({}, 'hr-agent');
    const open = async (name: string) =>
      interlock.authenticate((await interlock.openSession(OPENER, workflow, { agent: name })).token);
    const [desk, other] = [await open('desk'), await open('other')];
    system.notes.set('innocent', 'nothing');
    await run({ operation: 'notes.note.read', input: { id: 'hr-1' } });
    await run({ operation: 'notes.note.write', input: { id: 'ticket', text: 'a laptop, please' } });
    await interlock.run(desk, { operation: 'notes.note.read', input: { id: 'ticket' } });
    await interlock.run(other, { operation: 'notes.note.read', input: { id: 'innocent' } });
    const send = { operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
    const refused = await interlock.run(desk, send);
    expect(refused).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
    expect(await interlock.run(other, send)).toMatchObject({ decision: 'allow' });
    const { seen } = await interlock.explain(desk, refused.id);
    expect(seen.paths[0]?.steps).toEqual([
      expect.stringMatching(/^hr-agent read it by notes.note.read/),
      expect.stringMatching(/^desk read Notes::Note ticket, which hr-agent wrote/),
    ]);
    expect(caller.kind).toBe('agent');
  });
});

test('a frozen workflow is not continued: what it had to forget could not be handed on', async () => {
  const { interlock, workflow } = await leak();
  const go = () => interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, continues: workflow });
  const next = await go();
  expect((await interlock.workflow(ADMIN, next.id)).labels).toEqual(['hr']);
  await interlock.freeze(ADMIN, workflow, true, 'looking into it');
  await expect(go()).rejects.toMatchObject({ code: 'WORKFLOW_FROZEN' });
});

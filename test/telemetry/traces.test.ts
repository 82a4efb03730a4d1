import { context, trace } from '@opentelemetry/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readTraceParent } from '../../src/lib/tracing/trace-parent.ts';
import { startTelemetry, type Telemetry } from '../../src/runtime/telemetry.ts';
import { tracedCall } from '../../src/surface/mcp/traced-call.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { type Harness, KEYS, LEAK, READ, request, SEND, startHarness, WRITE } from '../surface/http/harness.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const PARENT = `00-${TRACE}-${CALLER}-01`;

interface World extends Harness {
  readonly receiver: OtlpReceiver;
  /** Sends what is left; nothing is traced afterwards. */
  readonly flush: Telemetry['close'];
}

async function startWorld(share = 1): Promise<World> {
  const receiver = await startOtlpReceiver();
  const telemetry = await startTelemetry({ otlp: { endpoint: receiver.endpoint, share } });
  const harness = await startHarness();
  onTestFinished(async () => {
    await harness.close();
    await telemetry.close();
  });
  return { ...harness, receiver, flush: () => telemetry.close() };
}

function act({ app, agent }: World, call: object, headers: Readonly<Record<string, string>> = {}) {
  const sent = request('POST', '/v1/actions', agent.token, call);
  return app.inject({ ...sent, headers: { ...sent.headers, ...headers } });
}

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found, `${name} among ${spans.map((span) => span.name).join(', ')}`).toHaveLength(1);
  return found[0] as ReceivedSpan; // there is one
}

describe('the trace of a call', () => {
  test('goes from its caller through the decision, the log and the execution', async () => {
    const world = await startWorld();
    const answer = (await act(world, READ, { traceparent: PARENT })).json();
    expect(answer.decision).toBe('allow');
    await world.flush();
    const spans = world.receiver.spans.filter(({ traceId }) => traceId === TRACE);
    const received = named(spans, 'POST /v1/actions');
    const tool = named(spans, 'execute_tool notes_note_read');
    expect(received).toMatchObject({ parentSpanId: CALLER, kind: 2 });
    expect(received.attributes).toMatchObject({ 'http.route': '/v1/actions', 'http.response.status_code': 200 });
    expect(tool.parentSpanId).toBe(received.spanId);
    for (const stage of ['load', 'decide', 'append', 'execute', 'record'])
      expect(named(spans, `interlock.${stage}`).parentSpanId).toBe(tool.spanId);
    expect(tool.attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'notes_note_read',
      'interlock.operation': 'notes.note.read',
      'interlock.decision': 'allow',
      'interlock.outcome': 'succeeded',
      'interlock.workflow': world.workflow,
    });
    expect(tool.attributes['interlock.policy_set']).toMatch(/^sha256:/);
    expect(Number(tool.attributes['interlock.workflow.version'])).toBeGreaterThan(0);
  });

  test('has no execution where the call was refused, and none of what the call says', async () => {
    const world = await startWorld();
    await act(world, LEAK, { traceparent: PARENT });
    await act(world, { operation: 'notes.note.canary-operation', input: {} }, { traceparent: PARENT });
    await world.flush();
    const { spans, bodies } = world.receiver;
    expect(named(spans, 'execute_tool notes_note_send').attributes).toMatchObject({ 'interlock.decision': 'deny' });
    expect(spans.map(({ name }) => name)).not.toContain('interlock.execute');
    expect(bodies.join()).not.toMatch(/evil\.example|canary-operation/);
  });

  test('is named by a held action that is executed later, in a trace of its own', async () => {
    const world = await startWorld();
    const held = (await act(world, { ...SEND, id: 'later' }, { traceparent: PARENT })).json();
    expect(held.decision).toBe('step_up');
    const [approval] = await world.interlock.approvals(world.admin);
    const approver = { ...request('POST', `/v1/approvals/${approval?.id}`, KEYS.approver) };
    const payload = JSON.stringify({ answer: 'approve', reason: 'fine' });
    const headers = { ...approver.headers, 'content-type': 'application/json' };
    expect((await world.app.inject({ ...approver, headers, payload })).statusCode).toBe(200);
    await world.app.inject(request('GET', '/v1/actions/later?waitMs=5000', world.agent.token));
    await world.interlock.close();
    await world.flush();
    const [first, then] = world.receiver.spans.filter(({ name }) => name === 'execute_tool notes_note_send');
    expect(first).toMatchObject({ traceId: TRACE });
    expect(first?.attributes).toMatchObject({ 'interlock.decision': 'step_up' });
    expect(then?.attributes).toMatchObject({ 'interlock.decision': 'allow', 'interlock.outcome': 'succeeded' });
    expect(then?.traceId).not.toBe(TRACE);
    expect(then?.parentSpanId ?? '').toBe('');
    expect(then?.links).toMatchObject([{ traceId: TRACE, spanId: first?.spanId }]);
  });

  test('is sent although the caller asks for it not to be, and not where the configuration says none', async () => {
    const world = await startWorld();
    await act(world, READ, { traceparent: `00-${TRACE}-${CALLER}-00` });
    await world.flush();
    expect(world.receiver.spans.some(({ traceId }) => traceId === TRACE)).toBe(true);
    const silent = await startWorld(0);
    await act(silent, READ, { traceparent: PARENT });
    await silent.flush();
    expect(silent.receiver.spans).toEqual([]);
  });

  test('is on the line that the log has of the request, also where nothing is traced', async () => {
    const harness = await startHarness();
    onTestFinished(harness.close);
    const sent = request('POST', '/v1/actions', harness.agent.token, WRITE);
    await harness.app.inject({ ...sent, headers: { ...sent.headers, traceparent: PARENT } });
    await harness.app.inject(sent);
    const [traced, untraced] = harness
      .logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(traced).toMatchObject({ traceId: TRACE, msg: 'answered' });
    expect(untraced).not.toHaveProperty('traceId');
  });
});

const HOSTILE = [
  '',
  'x',
  '00-0-0-01',
  `00-${'0'.repeat(32)}-${CALLER}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-${CALLER}-01`,
  `00-${TRACE.toUpperCase()}-${CALLER}-01`,
  `${PARENT}-more`,
  `${PARENT}, ${PARENT}`,
  PARENT.repeat(100),
];

describe('what a caller says of its trace', () => {
  test('is ignored where it is not to be believed', async () => {
    const world = await startWorld();
    for (const traceparent of HOSTILE) {
      expect(readTraceParent(traceparent)).toBeUndefined();
      const headers = { traceparent, tracestate: '=,;=\t=' };
      expect((await act(world, READ, headers)).json().decision).toBe('allow');
    }
    await world.flush();
    const requests = world.receiver.spans.filter(({ name }) => name === 'POST /v1/actions');
    expect(requests).toHaveLength(HOSTILE.length);
    expect(requests.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
  });

  test('brings no state that is too long, and never decides: the answers are the same with it and without', async () => {
    const long = readTraceParent(PARENT, `a=${'x'.repeat(600)}`);
    expect(trace.getSpanContext(long ?? context.active())).not.toHaveProperty('traceState');
    const world = await startWorld();
    for (const call of [READ, LEAK, SEND]) {
      const without = (await act(world, call)).json();
      const withIt = (await act(world, call, { traceparent: PARENT, tracestate: 'vendor=allow' })).json();
      expect([withIt.decision, withIt.reasons]).toEqual([without.decision, without.reasons]);
    }
  });

  test.each([
    [PARENT, TRACE],
    ['nonsense', undefined],
    [7, undefined],
  ])('in the _meta of an MCP call is read alike: %s', async (traceparent, expected) => {
    const { receiver, flush } = await startWorld();
    await tracedCall({ traceparent }, async () => ({ content: [], isError: true }));
    await flush();
    const span = named(receiver.spans, 'tools/call');
    expect(span.attributes).toMatchObject({ 'mcp.method.name': 'tools/call', 'error.type': 'tool_error' });
    expect(span.parentSpanId === CALLER ? span.traceId : undefined).toBe(expected);
  });
});

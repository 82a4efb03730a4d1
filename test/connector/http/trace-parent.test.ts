import type { IncomingHttpHeaders } from 'node:http';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, expect, test } from 'vitest';
import { HttpMeter } from '../../../src/connector/http/http-meter.ts';
import { readTraceParent } from '../../../src/lib/tracing/trace-parent.ts';
import { clientOf, read, startServer } from './loopback.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const contexts = new AsyncLocalStorageContextManager().enable();
context.setGlobalContextManager(contexts);
afterAll(() => context.disable());

test.each([
  [true, PARENT],
  [false, undefined],
  [undefined, undefined],
])('a system learns of the trace only where its settings say so: %s', async (passesTrace, expected) => {
  const seen: IncomingHttpHeaders[] = [];
  const { origin } = await startServer((incoming, outgoing) => {
    seen.push(incoming.headers);
    outgoing.end('{}');
  });
  const traced = readTraceParent(PARENT, 'vendor=secret') ?? context.active();
  const meter = new HttpMeter();
  const client = clientOf(origin, { passesTrace, meter: meter.of('desk') });
  await context.with(traced, () => client.send({ method: 'GET', path: '/a' }, read));
  expect(seen[0]?.['traceparent']).toBe(expected);
  expect(seen[0]).not.toHaveProperty('tracestate');
  const calls = meter.metrics().find(({ name }) => name === 'interlock_connector_calls_total');
  expect(calls?.samples).toEqual([{ labels: { system: 'desk', outcome: 'ok', status_class: '2xx' }, value: 1 }]);
});

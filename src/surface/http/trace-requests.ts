import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failSpan, startSpan } from '../../lib/tracing/in-span.ts';
import { traceFields } from '../../lib/tracing/trace-fields.ts';
import { readTraceParent } from '../../lib/tracing/trace-parent.ts';

/** What the log says of a request's trace. */
export type TraceOf = (request: FastifyRequest) => ReturnType<typeof traceFields>;

/**
 * A span for each request, below the one that its `traceparent` names. Of the request it has the method and the route,
 * nothing that the caller wrote. Baggage is left alone: it is somebody else's data.
 */
export function traceRequests(app: FastifyInstance): TraceOf {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', async (request) => {
    const { traceparent, tracestate } = request.headers;
    const { method } = request;
    const route = request.routeOptions.url;
    const attributes = { 'http.request.method': method, ...(route === undefined ? {} : { 'http.route': route }) };
    const options = { kind: SpanKind.SERVER, attributes };
    const name = route === undefined ? method : `${method} ${route}`;
    spans.set(request, startSpan(name, options, readTraceParent(traceparent, tracestate)));
  });
  // Where the body has been read: what reads it runs in the context of its connection.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else context.with(trace.setSpan(context.active(), span), done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    if (span === undefined) return;
    span.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) failSpan(span, String(reply.statusCode));
    span.end();
  });
  return (request) => traceFields(spans.get(request)?.spanContext() ?? NO_SPAN);
}

/** Of a request that was refused before it had one. */
const NO_SPAN = { traceId: '', spanId: '', traceFlags: 0 };

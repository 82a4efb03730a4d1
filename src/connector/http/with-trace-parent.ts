import { trace } from '@opentelemetry/api';
import { traceParentOf } from '../../lib/tracing/trace-parent.ts';
import type { HttpCall } from './http-client.ts';

/** The call with the trace that it is part of, where there is one; nothing else of the trace leaves. */
export function withTraceParent(call: HttpCall): HttpCall {
  const traceparent = traceParentOf(trace.getActiveSpan()?.spanContext());
  return traceparent === undefined ? call : { ...call, headers: { ...call.headers, traceparent } };
}

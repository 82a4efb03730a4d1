import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';

/** For a line of the log: the trace that it belongs to, where there is one. */
export function traceFields(span: SpanContext | undefined = trace.getActiveSpan()?.spanContext()): {
  readonly traceId?: string;
  readonly spanId?: string;
} {
  if (span === undefined || !isSpanContextValid(span)) return {};
  return { traceId: span.traceId, spanId: span.spanId };
}

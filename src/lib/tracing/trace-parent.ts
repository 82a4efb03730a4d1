import {
  type Context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Version 00 of W3C Trace Context, section 3.2; a later version's additions are nobody's to guess. */
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
/** The most that section 3.3.1.5 asks everybody to pass on. */
const TRACE_STATE_MAX = 512;

/** Where a caller says that its call comes from; undefined for what is none. It names a trace, and decides nothing. */
export function readTraceParent(traceParent: unknown, traceState?: unknown): Context | undefined {
  const match = typeof traceParent === 'string' ? TRACE_PARENT.exec(traceParent) : null;
  const [, traceId = '', spanId = '', flags = ''] = match ?? [];
  const spanContext: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  if (match === null || !isSpanContextValid(spanContext)) return undefined;
  const isUsable = typeof traceState === 'string' && traceState !== '' && traceState.length <= TRACE_STATE_MAX;
  const state = isUsable ? { traceState: createTraceState(traceState) } : {};
  return trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, ...state });
}

/** For a system that may know of the trace; undefined where there is none. The state is the caller's, and goes no further. */
export function traceParentOf(span: SpanContext | undefined): string | undefined {
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

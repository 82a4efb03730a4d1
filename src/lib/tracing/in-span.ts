import { context, type Span, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { asInterlockError } from '../errors.ts';

/** The tracer of whatever SDK the process has; without one its spans are nothing and cost next to nothing. */
export function startSpan(name: string, options: SpanOptions = {}, parent = context.active()): Span {
  return trace.getTracer('interlock').startSpan(name, options, parent);
}

/** Does a step under a span of its own. What it throws is named by its code: a message can hold anything. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  step: (span: Span) => Promise<T>,
  parent = context.active(),
): Promise<T> {
  const span = startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => step(span));
  } catch (thrown) {
    failSpan(span, asInterlockError(thrown).code);
    throw thrown;
  } finally {
    span.end();
  }
}

export function failSpan(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

import type { CallToolResult } from '@modelcontextprotocol/server';
import { SpanKind, trace } from '@opentelemetry/api';
import { failSpan, inSpan } from '../../lib/tracing/in-span.ts';
import { readTraceParent } from '../../lib/tracing/trace-parent.ts';

/**
 * A tool call under a span, below the one that its `_meta` names (MCP, "Trace context"); else below the request that brought
 * it. The tool is named by the span of its decision, once it is known that there is one.
 */
export function tracedCall(meta: unknown, call: () => Promise<CallToolResult>): Promise<CallToolResult> {
  const { traceparent, tracestate } = partsOf(meta);
  const parent = readTraceParent(traceparent, tracestate);
  const carrier = trace.getActiveSpan()?.spanContext();
  const links = parent === undefined || carrier === undefined ? [] : [{ context: carrier }];
  const options = { kind: SpanKind.SERVER, attributes: { 'mcp.method.name': 'tools/call' }, links };
  return inSpan(
    'tools/call',
    options,
    async (span) => {
      const result = await call();
      if (result.isError === true) failSpan(span, 'tool_error');
      return result;
    },
    parent,
  );
}

function partsOf(meta: unknown): { readonly traceparent?: unknown; readonly tracestate?: unknown } {
  return typeof meta === 'object' && meta !== null ? meta : {};
}

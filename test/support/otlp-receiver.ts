import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** A span as OTLP's JSON encoding has it (opentelemetry-proto, trace/v1), as far as tests look. */
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  attributes: z.array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })).default([]),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.int().optional(), message: z.string().optional() }).default({}),
});
const exportSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});

export interface ReceivedSpan extends Omit<z.output<typeof spanSchema>, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** As they came. */
  readonly bodies: readonly string[];
}

/** A collector that takes traces over OTLP/HTTP in JSON and refuses everything else. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const text = Buffer.concat(await incoming.toArray()).toString();
    const isTraces = incoming.url === '/v1/traces' && incoming.headers['content-type'] === 'application/json';
    const parsed = exportSchema.safeParse(isTraces ? JSON.parse(text) : undefined);
    bodies.push(text);
    for (const { scopeSpans } of parsed.data?.resourceSpans ?? [])
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({
          ...span,
          attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
        });
    outgoing.writeHead(parsed.success ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
  return { endpoint: `http://127.0.0.1:${port}/v1/traces`, spans, bodies };
}

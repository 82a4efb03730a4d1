import { context, trace } from '@opentelemetry/api';
import type { TelemetrySettings } from './telemetry-settings.ts';
import { version } from './version.ts';

/** Traces on their way out of this process. */
export interface Telemetry {
  /** Sends what is left. Never rejects: a collector that is away costs traces and nothing else. */
  close(): Promise<void>;
}

/** How long an export may take, and so the end of the process; what does not fit into the queue meanwhile is dropped. */
const EXPORT_MS = 2_000;
/** Between exports. */
const DELAY_MS = 1_000;

/**
 * Starts OpenTelemetry's SDK for this process, unless whoever runs Interlock in their own program has one already: then
 * all spans go where theirs go. Loaded here only, so that nobody pays for it who has not configured it.
 */
export async function startTelemetry({ otlp }: TelemetrySettings): Promise<Telemetry> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: otlp.endpoint, timeoutMillis: EXPORT_MS });
  const processor = new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: DELAY_MS });
  // A caller's flag would let an agent keep its own calls out of the traces.
  const asShared = otlp.share === 1 ? new sdk.AlwaysOnSampler() : new sdk.TraceIdRatioBasedSampler(otlp.share);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'interlock', 'service.version': version() }),
    sampler: new sdk.ParentBasedSampler({
      root: asShared,
      remoteParentSampled: asShared,
      remoteParentNotSampled: asShared,
    }),
    spanLimits: { attributeValueLengthLimit: 256, attributeCountLimit: 32 },
    spanProcessors: [processor],
  });
  const contexts = new AsyncLocalStorageContextManager();
  const isOurs = trace.setGlobalTracerProvider(provider);
  if (isOurs && !context.setGlobalContextManager(contexts.enable())) contexts.disable();
  return {
    async close() {
      await provider.shutdown().catch(() => undefined);
      if (!isOurs) return;
      trace.disable();
      context.disable();
    },
  };
}

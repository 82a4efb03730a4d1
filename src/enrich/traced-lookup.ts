import { SpanKind } from '@opentelemetry/api';
import { inSpan } from '../lib/tracing/in-span.ts';
import type { EnrichmentJob } from './enrichment-queue.ts';

/** A look-up under a span: below what asked for it, where that is this process's doing. Never of whom, and never the value. */
export function tracedLookup(
  { fact, stream }: Pick<EnrichmentJob, 'fact' | 'stream'>,
  look: () => Promise<void>,
): Promise<void> {
  const attributes = { 'interlock.fact': fact, 'interlock.workflow': stream.workflow };
  return inSpan('interlock.enrich', { kind: SpanKind.CLIENT, attributes }, look);
}

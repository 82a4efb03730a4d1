import type { StreamId } from '../action/log-port.ts';

/** One string for a stream; the length in front keeps tenant and workflow apart whatever they contain. */
export function streamKey({ tenant, workflow }: StreamId): string {
  return `${tenant.length}:${tenant}${workflow}`;
}

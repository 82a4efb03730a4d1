import type { StreamId } from '../action/log-port.ts';

/** One string for a stream; the length in front keeps tenant and workflow apart whatever they contain. */
export function streamKey({ tenant, workflow }: StreamId): string {
  return `${tenant.length}:${tenant}${workflow}`;
}

/** One string for an action of a stream. */
export function actionKey(stream: StreamId, id: string): string {
  return `${stream.workflow.length}:${streamKey(stream)}${id}`;
}

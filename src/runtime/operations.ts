import type { OperationSummary } from '../gate/answers.ts';
import { renderOperation } from '../gate/render-operation.ts';
import { withRegistry } from './offline.ts';

/** The operations of the configured connectors. */
export function operations(desk: Parameters<typeof withRegistry>[0]): Promise<readonly OperationSummary[]> {
  return withRegistry(desk, async (registry) => [...registry.all()].map(renderOperation));
}

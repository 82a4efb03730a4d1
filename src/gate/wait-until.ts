import type { StreamId } from '../action/log-port.ts';
import type { WorkflowView } from '../action/view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Workflows } from '../workflow/workflows.ts';

/** Waits until the durable view of a workflow satisfies `holds`, at most `waitMs`. Answers whether it does. */
export async function waitUntil(
  parts: { readonly workflows: Workflows; readonly clock: Clock },
  {
    stream,
    waitMs,
    holds,
  }: { readonly stream: StreamId; readonly waitMs: number; readonly holds: (view: WorkflowView) => boolean },
): Promise<boolean> {
  const workflow = await parts.workflows.loadDurable(stream);
  if (holds(workflow.view)) return true;
  if (waitMs <= 0) return false;
  return new Promise((resolve) => {
    const end = (result: boolean): void => {
      cancelTimer();
      cancelOwn();
      cancelForeign();
      resolve(result);
    };
    const look = (changed: StreamId, _events: unknown, view: WorkflowView): void => {
      if (changed.tenant === stream.tenant && changed.workflow === stream.workflow && holds(view)) end(true);
    };
    const cancelOwn = parts.workflows.onDurable(look);
    const cancelForeign = parts.workflows.onForeign(look);
    const cancelTimer = parts.clock.after(waitMs, () => end(false));
  });
}

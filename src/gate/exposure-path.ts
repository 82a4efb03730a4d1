import type { Origin, WorkflowView } from '../action/view.ts';
import type { ExposurePath } from './answers.ts';

/** Hops that one path is followed; a longer one ends in what it came to. */
const HOPS_MAX = 32;

/** How a session came to each of its labels: from whom, over which record, back to the first read. */
export function exposurePaths(view: WorkflowView, session: string): readonly ExposurePath[] {
  const labels = view.sessions.get(session)?.activity.labels ?? [];
  return [...labels].map(({ id: label }) => ({ label, steps: stepsTo(view, session, label) }));
}

function stepsTo(view: WorkflowView, session: string, label: string): readonly string[] {
  const steps: string[] = [];
  let at: string | undefined = session;
  for (let hops = 0; at !== undefined && hops < HOPS_MAX; hops++) {
    const origin: Origin | undefined = view.sessions.get(at)?.origins.get(label);
    if (origin === undefined) break;
    steps.push(stepInWords(view, at, origin));
    at = sourceOf(origin);
  }
  return steps.reverse();
}

function sourceOf(origin: Origin): string | undefined {
  switch (origin.kind) {
    case 'read':
    case 'fact':
    case 'continued':
      return undefined;
    case 'record':
      return origin.writtenBy;
    case 'message':
    case 'hand-off':
    case 'delegation':
      return origin.from;
    default:
      return origin satisfies never;
  }
}

function stepInWords(view: WorkflowView, session: string, origin: Origin): string {
  const agent = agentOf(view, session);
  switch (origin.kind) {
    case 'read':
      return `${agent} read it by ${origin.operation} (${origin.action})`;
    case 'fact':
      return `${agent} had something of ${inWords(origin.resource)}, of which ${origin.fact} says so`;
    case 'continued':
      return `${agent} has it from the workflow that this one continues`;
    case 'record':
      return `${agent} read ${inWords(origin.resource)}, which ${agentOf(view, origin.writtenBy)} wrote (${origin.action})`;
    case 'message':
    case 'hand-off':
    case 'delegation':
      return `${agent} got a ${origin.kind} from ${agentOf(view, origin.from)}`;
    default:
      return origin satisfies never;
  }
}

function inWords(resource: string): string {
  const [type, id]: unknown[] = JSON.parse(resource);
  return `${String(type)} ${String(id)}`;
}

function agentOf(view: WorkflowView, session: string): string {
  return view.sessions.get(session)?.agent ?? session;
}

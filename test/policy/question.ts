import { randomUUID } from 'node:crypto';
import type { Action } from '../../src/action/action.ts';
import type { NewEvent } from '../../src/action/event.ts';
import type { PolicyRequest } from '../../src/action/policy-port.ts';
import type { WorkflowView } from '../../src/action/view.ts';
import { digestOf } from '../../src/lib/digest.ts';
import { buildPolicyRequest, type PolicyQuestion } from '../../src/policy/build-request.ts';
import { caseHistory } from '../../src/policy/case-history.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { parsePolicyCases } from '../../src/policy/policy-case.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { catalog } from './catalog.ts';

/** The view of a workflow with these events. */
export function viewOf(events: readonly NewEvent[]): WorkflowView {
  const hash = digestOf('event');
  const view = new FoldedView({ tenant: 'tenant', workflow: 'workflow' }, hash);
  for (const [index, event] of events.entries()) view.apply({ ...event, seq: index + 1, at: 1_000 + index, hash });
  return view;
}

/** A workflow as a case tells it; `history` is YAML. */
export function workflow(history = '[]', rest = '{}'): WorkflowView {
  const [only] = parsePolicyCases(
    'test',
    `[{ name: x, action: { operation: desk.ticket.get }, expect: { decision: allow }, history: ${history}, workflow: ${rest} }]`,
  );
  return viewOf(only === undefined ? [] : caseHistory(only));
}

export function actionOf(operation: string, { input = {}, ...rest }: Partial<Action> = {}): Action {
  const descriptor = catalog.operations.find((known) => known.operation === operation);
  return {
    id: randomUUID(),
    mode: 'run',
    principal: { tenant: 'tenant', workflow: 'workflow', session: 'agent', agent: 'agent', onBehalfOf: 'user' },
    operation,
    system: descriptor?.system ?? 'desk',
    activity: 'tool',
    input,
    callDigest: digestOf('call'),
    effect: {
      kind: descriptor?.effectKinds[0] ?? 'read',
      reversible: 'operation',
      external: false,
      privileged: false,
      count: 1,
    },
    resources: [{ type: descriptor?.resourceTypes[0] ?? 'Desk::Ticket', id: '1' }],
    labels: [],
    facets: {},
    ...rest,
  };
}

/** What policies are asked about `operation`. */
export function question(
  operation: string,
  { view = workflow(), ...action }: Partial<Action> & { readonly view?: WorkflowView } = {},
): PolicyRequest {
  return buildPolicyRequest(questionOf(operation, { view, ...action }));
}

/** The parts of such a question. */
export function questionOf(
  operation: string,
  { view = workflow(), ...action }: Partial<Action> & { readonly view?: WorkflowView } = {},
): PolicyQuestion {
  const descriptor = catalog.operations.find((known) => known.operation === operation);
  if (descriptor === undefined) throw new Error(`the test catalog has no ${operation}`);
  return { action: actionOf(operation, action), view, now: 5_000, mapping: operationMapping(descriptor) };
}

export const PERMIT_ALL = '@id("permit-all") @title("Everything.") permit(principal, action, resource);';

export function file(text: string): { readonly name: string; readonly text: string } {
  return { name: 'test.cedar', text };
}

import type { Catalog } from '../action/operation-descriptor.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { Registry } from '../connector/registry.ts';
import { type Decided, decide } from '../gate/decide.ts';
import { InterlockError } from '../lib/errors.ts';
import { caseHistory } from '../policy/case-history.ts';
import { evaluateAction } from '../policy/evaluate-action.ts';
import { operationMapping } from '../policy/operation-mapping.ts';
import type { PolicyCase } from '../policy/policy-case.ts';
import { chainEvents, genesisHash, parseEvent } from '../workflow/chain.ts';
import { FoldedView } from '../workflow/view.ts';

const STREAM = { tenant: 'tenant', workflow: 'workflow' };

export interface CaseParts {
  readonly registry: Registry;
  readonly catalog: Catalog;
  readonly policySet: PolicySet;
  /** Milliseconds since 1970: when all of it happens. */
  readonly now: number;
}

/** Decides a case as the gate would, on the workflow that it tells; nothing is executed or recorded. */
export function decideCase(
  { registry, catalog, policySet, now }: CaseParts,
  policyCase: Pick<PolicyCase, 'workflow' | 'history' | 'action'>,
): Decided {
  const view = viewOf(policyCase, now);
  const { operation, input, agent } = policyCase.action;
  const principal = { ...STREAM, session: agent, agent, onBehalfOf: view.onBehalfOf.id };
  const action = registry.normalise({ call: { operation, input }, id: 'asked', mode: 'run', principal });
  const descriptor = catalog.operations.find((known) => known.operation === operation);
  if (descriptor === undefined)
    throw new InterlockError('UNKNOWN_OPERATION', `no connector has the operation ${operation}`);
  const mapping = operationMapping(descriptor);
  return decide({
    action,
    view,
    freezes: view.freezes,
    now,
    policySet,
    evaluate: (candidate) =>
      evaluateAction({ action: candidate, view, now, mapping }, (request) => policySet.evaluator.evaluate(request)),
    withInput: (candidate, changed) => registry.withInput(candidate, changed),
  });
}

function viewOf(policyCase: Parameters<typeof decideCase>[1], now: number): FoldedView {
  const view = new FoldedView(STREAM, genesisHash(STREAM));
  const events = caseHistory({ file: '', name: '', expect: { decision: 'allow' }, ...policyCase });
  for (const stored of chainEvents({ stream: STREAM, head: undefined, events, now, salt: () => 'case' })) {
    view.apply(parseEvent(stored));
  }
  return view;
}

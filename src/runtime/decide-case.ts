import type { Action } from '../action/action.ts';
import { type Fact, subjectsOf } from '../action/fact.ts';
import type { Catalog } from '../action/operation-descriptor.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { Registry } from '../connector/registry.ts';
import { type Decided, decide } from '../gate/decide.ts';
import { readSignals } from '../gate/signal-reading.ts';
import { unseenLabels } from '../gate/unseen-labels.ts';
import { InterlockError } from '../lib/errors.ts';
import { CASE_WORKFLOW, userOf } from '../policy/case-history.ts';
import { evaluateAction } from '../policy/evaluate-action.ts';
import { operationMapping } from '../policy/operation-mapping.ts';
import type { PolicyQuestionCase } from '../policy/policy-case.ts';
import { signalsSeen } from '../policy/signals/signal-record.ts';
import { caseWorld } from './case-world.ts';

export interface CaseParts {
  readonly registry: Registry;
  readonly catalog: Catalog;
  readonly policySet: PolicySet;
  /** Milliseconds since 1970: when the question is asked. */
  readonly now: number;
}

/** Decides a case as the gate would, on the workflow that it tells; nothing is executed or recorded. */
export async function decideCase(
  { registry, catalog, policySet, now }: CaseParts,
  question: PolicyQuestionCase,
): Promise<Decided> {
  const normalise = (operation: string, input: PolicyQuestionCase['action']['input'], agent: string) => {
    const principal = {
      tenant: 'tenant',
      workflow: CASE_WORKFLOW,
      session: agent,
      agent,
      onBehalfOf: userOf(question),
    };
    return registry.normalise({ call: { operation, input }, id: 'asked', mode: 'run', principal });
  };
  const { operation, input, agent } = question.action;
  const action = normalise(operation, input, agent);
  const mappingFor = ({ operation: asked }: typeof action) => {
    const descriptor = catalog.operations.find((known) => known.operation === asked);
    if (descriptor === undefined)
      throw new InterlockError('UNKNOWN_OPERATION', `no connector has the operation ${asked}`);
    return operationMapping(descriptor);
  };
  const { view, signals } = await caseWorld(question, {
    now,
    plan: policySet.signals,
    describe: (earlier, given) => normalise(earlier, given, agent),
    facts: factsOf(question, { action, catalog, now }),
  });
  const reading = readSignals(signals, policySet, { view, now });
  return decide({
    action,
    view,
    freezes: view.freezes,
    now,
    policySet,
    facts: catalog.facts,
    evaluate: (candidate, on, before) => {
      const seen = signalsSeen(policySet, reading.of(candidate, before));
      const mapping = mappingFor(candidate);
      return evaluateAction({ action: candidate, view: on, now, mapping, ...seen }, (request) =>
        policySet.evaluator.evaluate(request),
      );
    },
    unseen: (candidate) => unseenLabels(registry, candidate, view),
    withInput: (candidate, changed) => registry.withInput(candidate, changed),
  });
}

/** What the case says is known, of everybody and everything that it can be about. Throws POLICY_INVALID for no fact. */
function factsOf(
  question: PolicyQuestionCase,
  { action, catalog, now }: Pick<CaseParts, 'catalog' | 'now'> & { readonly action: Action },
): readonly Fact[] {
  return Object.entries(question.facts).flatMap(([name, { value, ago }]) => {
    const descriptor = catalog.facts?.find((known) => known.name === name);
    if (descriptor === undefined) throw new InterlockError('POLICY_INVALID', `nothing provides the fact ${name}`);
    const subjects = subjectsOf(descriptor, { ...action, user: userOf(question) });
    const observedAt = now - ago;
    return subjects.map((subject): Fact => {
      return { fact: name, subject, value, source: descriptor.system, observedAt, expiresAt: Number.MAX_SAFE_INTEGER };
    });
  });
}

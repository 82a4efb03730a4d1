import type { PolicyEvaluation, PolicyEvaluator } from '../../../src/action/policy-port.ts';
import { compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import type { Engine } from '../engine.ts';
import type { RuleSet } from '../rules.ts';
import { cedarJson } from './cedar-text.ts';

export type Form = 'source' | 'closures';

const compiled = { source: new WeakMap<RuleSet, PolicyEvaluator>(), closures: new WeakMap<RuleSet, PolicyEvaluator>() };

/** Interlock's evaluator over the live view by reference; `built`: the question made anew for each decision, as the gate does. */
export function interlock(form: Form, built = false): Engine {
  return {
    name: `interlock, ${form}${built ? ', question built' : ''}`,
    note: built
      ? 'the same evaluator with `buildPolicyRequest` inside the measurement'
      : 'names every policy that holds and every one that fails',
    load: (set) => {
      const evaluator = evaluatorOf(set, form);
      return {
        ask: ({ request, build }) =>
          built ? () => isAllowed(evaluator.evaluate(build())) : () => isAllowed(evaluator.evaluate(request)),
      };
    },
  };
}

/** Compiled once for all that measure it. */
function evaluatorOf(set: RuleSet, form: Form): PolicyEvaluator {
  const known = compiled[form].get(set);
  if (known !== undefined) return known;
  const evaluator = compilePolicies({ policies: cedarJson(set) }, { form });
  compiled[form].set(set, evaluator);
  return evaluator;
}

function isAllowed({ permits, forbids, errors }: PolicyEvaluation): boolean {
  return permits.length > 0 && forbids.length === 0 && errors.length === 0;
}

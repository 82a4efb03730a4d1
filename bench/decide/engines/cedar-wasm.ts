import {
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { type CedarQuestion, cedarQuestion } from '../../../src/policy/cedar-wasm/cedar-evaluator.ts';
import type { Engine, Loaded } from '../engine.ts';
import type { RuleSet } from '../rules.ts';
import { cedarTexts } from './cedar-text.ts';

export const CEDAR_WASM = 'cedar-wasm';

/** The official package, policies parsed before, the call made before, no schema, one crossing. */
export const cedarWasm: Engine = {
  name: CEDAR_WASM,
  note: '`@cedar-policy/cedar-wasm`, `statefulIsAuthorized` called directly, with all that policies may see; names the policies that decide',
  load: (set) => asking(set, (question) => question),
};

/** As if somebody had gone through the policies and left out of the context, and of the entities, what none of them reads. */
export const leanCedarWasm: Engine = {
  name: `${CEDAR_WASM}, lean`,
  note: 'the same with nothing but the input, the effect and the labels of the agent in the context, and no entities: what these rules read, and what a gate that serves any policy cannot leave out',
  load: (set) =>
    asking(set, ({ context, ...question }) => {
      const { input = {}, effect = {}, agent = {} } = context;
      const labels = Object(agent)['labels'] ?? [];
      return { ...question, context: { input, effect, agent: { labels } }, entities: [] };
    }),
};

function asking(set: RuleSet, reduce: (question: CedarQuestion) => CedarQuestion): Loaded {
  const id = `${set.count}-${set.scoped}`;
  const parsed = preparsePolicySet(id, { staticPolicies: cedarTexts(set) });
  if (parsed.type === 'failure') throw new Error(parsed.errors.map(({ message }) => message).join('; '));
  return {
    ask: ({ request }) => {
      const question = reduce(cedarQuestion(request));
      const call: StatefulAuthorizationCall = {
        ...question,
        entities: [...question.entities],
        preparsedPolicySetId: id,
      };
      return () => {
        const answer = statefulIsAuthorized(call);
        if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
        return answer.response.decision === 'allow';
      };
    },
  };
}

import {
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { cedarQuestion } from '../../../src/policy/cedar-wasm/cedar-evaluator.ts';
import type { Engine } from '../engine.ts';
import { cedarTexts } from './cedar-text.ts';

export const CEDAR_WASM = 'cedar-wasm';

/** The official package at its best: policies parsed before, the call made before, no schema, one crossing. */
export const cedarWasm: Engine = {
  name: CEDAR_WASM,
  note: '`@cedar-policy/cedar-wasm`, `statefulIsAuthorized` called directly; names the policies that decide',
  load: (set) => {
    const id = `${set.count}-${set.scoped}`;
    const parsed = preparsePolicySet(id, { staticPolicies: cedarTexts(set) });
    if (parsed.type === 'failure') throw new Error(parsed.errors.map(({ message }) => message).join('; '));
    return {
      ask: ({ request }) => {
        const question = cedarQuestion(request);
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
  },
};

import { parentPort } from 'node:worker_threads';
import type { PolicyEvaluation } from '../../action/policy-port.ts';
import { asInterlockError } from '../../lib/errors.ts';
import { CedarEvaluator, type CedarQuestion } from '../cedar-wasm/cedar-evaluator.ts';
import { parseExactJson } from '../exact-json.ts';
import type { ReferenceSource } from '../sets/reference-source.ts';

/** Judge by these policies from now on, or answer a question, which is a `CedarQuestion` as JSON. */
export type JudgeRequest = { readonly policies: ReferenceSource } | { readonly question: string };
/** To each question one. */
export type JudgeAnswer = { readonly evaluation: PolicyEvaluation } | { readonly failed: string };

let policies: ReferenceSource | undefined;
let evaluator: CedarEvaluator | undefined;

function answer(question: string): JudgeAnswer {
  try {
    if (policies === undefined) return { failed: 'there are no policies to judge by' };
    evaluator ??= new CedarEvaluator(policies.schema, policies);
    return { evaluation: evaluator.answer(parseExactJson(question) as CedarQuestion) };
  } catch (thrown) {
    return { failed: asInterlockError(thrown).message };
  }
}

parentPort?.on('message', (request: JudgeRequest) => {
  if ('question' in request) {
    parentPort?.postMessage(answer(request.question));
    return;
  }
  policies = request.policies;
  evaluator = undefined;
});

/**
 * `node test/policy/cedar-corpus/reference.ts [DIR]`: asks Cedar's own package what the corpus expects of it, with
 * integers crossing exactly. What it agrees with, it can judge.
 */
import type { Context, Entities, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import { freshCedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { differences } from './answer-case.ts';
import { type CorpusCase, type CorpusRequest, corpusCases, type Expected } from './corpus-cases.ts';

/** Preparsed schemas stay until their instance goes. */
const CASES_PER_INSTANCE = 500;
let cedar = freshCedar();

function prepare({ policies, schema }: CorpusCase): void {
  cedar.preparseSchema('schema', schema);
  cedar.preparsePolicySet('policies', { staticPolicies: policies });
}

function ask(one: CorpusCase, { principal, action, resource, context }: CorpusRequest): Required<Expected> | undefined {
  const call: StatefulAuthorizationCall = {
    principal: { ...principal },
    action: { ...action },
    resource: { ...resource },
    // Cedar's own JSON, as the corpus has it.
    context: context as Context,
    entities: one.entities as Entities,
    preparsedSchemaName: 'schema',
    preparsedPolicySetId: 'policies',
    validateRequest: true,
  };
  const answer = cedar.statefulIsAuthorized(call);
  if (answer.type === 'failure') return undefined;
  const { decision, diagnostics } = answer.response;
  return { decision, reason: diagnostics.reason, errors: diagnostics.errors.map(({ policyId }) => policyId) };
}

const count = { requests: 0, agreed: 0 };
const [directory = '../shared/corpora/cedar'] = process.argv.slice(2);
let cases = 0;
for (const one of corpusCases(directory)) {
  // Those say less than an answer, and have templates.
  if (one.part === 'use cases') continue;
  if (++cases % CASES_PER_INSTANCE === 0) cedar = freshCedar();
  prepare(one);
  for (const request of one.requests) {
    const answer = ask(one, request);
    const differs = answer === undefined ? ['everything'] : differences(answer, request.expected);
    count.requests += 1;
    if (differs.length === 0) count.agreed += 1;
    else console.log(`${one.name}, ${request.name}: another ${differs.join(' and ')}`);
  }
}
console.log(`Cedar's own package agrees with ${count.agreed} of ${count.requests}.`);
process.exitCode = count.agreed === count.requests ? 0 : 1;

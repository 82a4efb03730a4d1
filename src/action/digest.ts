import type { CanonicalTexts } from '../lib/canonical-json.ts';
import { type Digest, digestOf } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Principal } from './action.ts';
import type { Transformation } from './obligation.ts';

interface Decided {
  readonly principal: Principal;
  readonly operation: string;
  readonly input: JsonObject;
  readonly resultObligations: readonly Transformation[];
}

/** The digest that what was decided, what the approver was shown and what the executor receives have in common (DESIGN §6). `texts` may have the input's. */
export function actionDigest(
  { principal, operation, input, resultObligations }: Decided,
  texts?: CanonicalTexts,
): Digest {
  const decided = {
    v: 1,
    tenant: principal.tenant,
    workflow: principal.workflow,
    agent: principal.agent,
    onBehalfOf: principal.onBehalfOf,
    operation,
    input,
    resultObligations: resultObligations.map((obligation) => ({ ...obligation })),
  };
  return digestOf(decided, texts);
}

import type { CedarValueJson, EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { EntityRef, PolicyEvaluation, PolicyEvaluator, PolicyRequest } from '../../action/policy-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { CedarSchema } from '../generate-schema.ts';
import { type Cedar, freshCedar } from './fresh-cedar.ts';
import { recordJson } from './to-cedar-json.ts';

/** Texts of policies by id. */
export type PolicyTexts = Readonly<Record<string, string>>;

/** A request as Cedar takes it: a copy that nothing changes any more, and that can go to another thread. */
export interface CedarQuestion {
  readonly principal: Uid;
  readonly action: Uid;
  readonly resource: Uid;
  readonly context: Record<string, CedarValueJson>;
  /** Without the action: the schema describes it. */
  readonly entities: readonly EntityJson[];
}

type Uid = { readonly type: string; readonly id: string };

interface Answer {
  readonly allowed: boolean;
  /** Every permit where it is allowed, every forbid where not. */
  readonly satisfied: readonly string[];
  readonly errors: PolicyEvaluation['errors'];
}

/**
 * The reference evaluator, called from Node. Cedar names the permits only when nothing forbids, so where something does,
 * they are asked for once more, alone. Everything is named in the order of ids: Cedar's own differs from call to call.
 */
export class CedarEvaluator implements PolicyEvaluator {
  readonly #permits: PolicyTexts;
  readonly #forbids: PolicyTexts;
  readonly #actions: ReadonlyMap<string, EntityJson>;
  #cedar: Cedar | undefined;

  /** Throws POLICY_ENGINE_FAILED where Cedar does not take the policies. */
  constructor(
    schema: Pick<CedarSchema, 'json'>,
    policies: { readonly permits: PolicyTexts; readonly forbids: PolicyTexts },
  ) {
    this.#permits = policies.permits;
    this.#forbids = policies.forbids;
    this.#actions = actionEntities(schema);
    this.#guarded((cedar) => cedar.getCedarVersion());
  }

  evaluate(request: PolicyRequest): PolicyEvaluation {
    return this.answer(cedarQuestion(request));
  }

  answer(asked: CedarQuestion): PolicyEvaluation {
    const action = this.#actions.get(asked.action.id);
    if (action === undefined)
      throw new InterlockError('POLICY_ENGINE_FAILED', `the schema has no action ${asked.action.id}`);
    const question = { ...asked, entities: [action, ...asked.entities] };
    const { allowed, satisfied, errors } = this.#ask({ ...question, preparsedPolicySetId: 'all' });
    if (allowed) return { permits: satisfied, forbids: [], errors };
    if (satisfied.length === 0) return { permits: [], forbids: [], errors };
    const permits = this.#ask({ ...question, preparsedPolicySetId: 'permits' });
    return { permits: permits.satisfied, forbids: satisfied, errors };
  }

  #ask(call: StatefulAuthorizationCall): Answer {
    const answer = this.#guarded((cedar) => cedar.statefulIsAuthorized(call));
    if (answer.type === 'failure') throw engineFailed(answer.errors.map((error) => error.message).join('; '));
    const { decision, diagnostics } = answer.response;
    return {
      allowed: decision === 'allow',
      satisfied: diagnostics.reason.toSorted(),
      errors: diagnostics.errors
        .map(({ policyId, error }) => ({ policy: policyId, message: error.message }))
        .toSorted((a, b) => (a.policy < b.policy ? -1 : 1)),
    };
  }

  /** Whatever throws inside WebAssembly may have left it broken, so the instance goes and the next call has a new one. */
  #guarded<T>(use: (cedar: Cedar) => T): T {
    try {
      this.#cedar ??= this.#start();
      return use(this.#cedar);
    } catch (cause) {
      this.#cedar = undefined;
      throw cause instanceof InterlockError ? cause : engineFailed('the policy engine broke off', cause);
    }
  }

  #start(): Cedar {
    const cedar = freshCedar();
    for (const [id, staticPolicies] of [
      ['all', { ...this.#permits, ...this.#forbids }],
      ['permits', this.#permits],
    ] as const) {
      const answer = cedar.preparsePolicySet(id, { staticPolicies });
      if (answer.type === 'failure') throw engineFailed(answer.errors.map((error) => error.message).join('; '));
    }
    return cedar;
  }
}

/** Throws FORBIDDEN_KEY and UNSAFE_NUMBER where Cedar's JSON cannot carry a value. */
export function cedarQuestion(request: PolicyRequest): CedarQuestion {
  return {
    principal: uid(request.principal),
    action: uid(request.action),
    resource: uid(request.resource),
    context: recordJson(request.context),
    entities: entitiesJson(request),
  };
}

function engineFailed(detail: string, cause?: unknown): InterlockError {
  return new InterlockError('POLICY_ENGINE_FAILED', detail, { cause });
}

/** What the schema says of each action: the groups it is in. */
function actionEntities(schema: Pick<CedarSchema, 'json'>): Map<string, EntityJson> {
  const entities = new Map<string, EntityJson>();
  for (const [id, { memberOf = [] }] of Object.entries(schema.json['']?.actions ?? {})) {
    entities.set(id, {
      uid: { type: 'Action', id },
      attrs: {},
      parents: memberOf.map((group) => ({ type: 'Action', id: group.id })),
    });
  }
  return entities;
}

/** Each entity once: a parent's bare mention never replaces a description. */
function entitiesJson(request: PolicyRequest): EntityJson[] {
  const byKey = new Map<string, EntityJson>();
  for (const [ref, { attributes, parents, tags }] of request.entities()) {
    const key = JSON.stringify([ref.type, ref.id]);
    if (byKey.has(key)) continue;
    const described = { uid: uid(ref), attrs: recordJson(attributes), parents: parents.map(uid) };
    byKey.set(key, tags === undefined ? described : { ...described, tags: recordJson(tags) });
  }
  return [...byKey.values()];
}

function uid(ref: EntityRef): Uid {
  return { type: ref.type, id: ref.id };
}

import type { PolicySet } from '@cedar-policy/cedar-wasm/nodejs';
import {
  EntityRef,
  type PolicyEntity,
  type PolicyRecord,
  type PolicyRequest,
} from '../../../src/action/policy-port.ts';
import { freshCedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { recordJson } from '../../../src/policy/cedar-wasm/to-cedar-json.ts';
import { type CompilablePolicy, compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';

export const FORMS = ['source', 'closures'] as const;

const cedar = freshCedar();

/** Texts of policies by id. */
export type Texts = Readonly<Record<string, string>>;

export interface World {
  readonly principal: EntityRef;
  readonly action: EntityRef;
  readonly resource: EntityRef;
  readonly context?: PolicyRecord;
  readonly entities?: readonly (readonly [EntityRef, PolicyEntity])[];
}

export interface Outcome {
  readonly satisfied: readonly string[];
  readonly failed: readonly string[];
}

export function ref(type: string, id: string): EntityRef {
  return new EntityRef(type, id);
}

export function requestOf({ principal, action, resource, context = {}, entities = [] }: World): PolicyRequest {
  const entity = (wanted: EntityRef) =>
    entities.find(([{ type, id }]) => type === wanted.type && id === wanted.id)?.[1];
  return { principal, action, resource, context, entity, entities: () => entities };
}

export function compilable(texts: Texts): CompilablePolicy[] {
  return Object.entries(texts).map(([id, text]) => {
    const answer = cedar.policyToJson(text);
    if (answer.type === 'failure') throw new Error(`${text}: ${answer.errors.map(({ message }) => message).join()}`);
    return { id, json: answer.json };
  });
}

/** What the compiler answers of permits. */
export function askCompiled(
  form: (typeof FORMS)[number],
  policies: readonly CompilablePolicy[],
  world: World,
): Outcome {
  const { permits, errors } = compilePolicies({ policies }, { form }).evaluate(requestOf(world));
  return { satisfied: permits, failed: errors.map(({ policy }) => policy) };
}

/** What Cedar itself answers, of policies that are all permits. */
export function askCedar(
  policies: PolicySet,
  { principal, action, resource, context = {}, entities = [] }: World,
): Outcome {
  const answer = cedar.isAuthorized({
    principal: { ...principal },
    action: { ...action },
    resource: { ...resource },
    context: recordJson(context),
    policies,
    entities: entities.map(([uid, { attributes, parents, tags = {} }]) => ({
      uid: { ...uid },
      attrs: recordJson(attributes),
      parents: parents.map((parent) => ({ ...parent })),
      tags: recordJson(tags),
    })),
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join());
  const { reason, errors } = answer.response.diagnostics;
  return { satisfied: reason.toSorted(), failed: errors.map(({ policyId }) => policyId).toSorted() };
}

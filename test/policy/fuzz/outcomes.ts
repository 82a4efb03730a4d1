import type { Context, EntityJson, PolicyJson, PolicySet, TemplateLink } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyRequest } from '../../../src/action/policy-port.ts';
import type { Cedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { recordJson } from '../../../src/policy/cedar-wasm/to-cedar-json.ts';
import type { CompiledPolicies } from '../../../src/policy/compiled/compile-policies.ts';
import type { FuzzPolicy } from './fuzz-policies.ts';
import type { FuzzRequest, FuzzWorld } from './fuzz-world.ts';

/** Ids of the policies that are satisfied, and of those that fail. */
export interface Outcomes {
  readonly satisfied: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

export function compiledOutcomes(compiled: CompiledPolicies, request: PolicyRequest): Outcomes {
  const { permits, forbids, errors } = compiled.evaluate(request);
  return { satisfied: new Set([...permits, ...forbids]), failed: new Set(errors.map(({ policy }) => policy)) };
}

/** Asks Cedar about each policy by itself: of a set of nothing but permits it names all that are satisfied. */
export class Oracle {
  readonly #cedar: Cedar;
  readonly #entities: EntityJson[];

  /** Throws where Cedar does not take a policy. */
  constructor(cedar: Cedar, { entities }: Pick<FuzzWorld, 'entities'>, policies: readonly FuzzPolicy[]) {
    this.#cedar = cedar;
    this.#entities = entities.map(([uid, { attributes, parents, tags = {} }]) => ({
      uid: { ...uid },
      attrs: recordJson(attributes),
      parents: parents.map((parent) => ({ ...parent })),
      tags: recordJson(tags),
    }));
    const answer = cedar.preparsePolicySet('fuzz', setOfPermits(policies));
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'));
  }

  outcomes({ principal, action, resource, context }: FuzzRequest): Outcomes {
    const answer = this.#cedar.statefulIsAuthorized({
      principal: { ...principal },
      action: { ...action },
      resource: { ...resource },
      context: recordJson(context) as Context, // what it makes
      entities: this.#entities,
      preparsedPolicySetId: 'fuzz',
    });
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'));
    const { reason, errors } = answer.response.diagnostics;
    return { satisfied: new Set(reason), failed: new Set(errors.map(({ policyId }) => policyId)) };
  }
}

function setOfPermits(policies: readonly FuzzPolicy[]): PolicySet {
  const staticPolicies: Record<string, PolicyJson> = {};
  const templates: Record<string, PolicyJson> = {};
  const templateLinks: TemplateLink[] = [];
  for (const { id, json, slots } of policies) {
    const permit: PolicyJson = { ...json, effect: 'permit' };
    const linked = Object.entries(slots);
    if (linked.length === 0) staticPolicies[id] = permit;
    else {
      templates[`template of ${id}`] = permit;
      const values = Object.fromEntries(linked.map(([slot, ref]) => [slot, { ...ref }]));
      templateLinks.push({ templateId: `template of ${id}`, newId: id, values });
    }
  }
  return { staticPolicies, templates, templateLinks };
}

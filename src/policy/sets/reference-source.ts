import type { CheckedPolicy } from '../checked-policy.ts';
import type { ActionType, CedarSchema } from '../generate-schema.ts';

/** What the reference evaluator is made from; plain data, so that it can go to another thread. */
export interface ReferenceSource {
  /** Only the actions, and the groups that each is in. */
  readonly schema: Pick<CedarSchema, 'json'>;
  /** Texts by id. */
  readonly permits: Readonly<Record<string, string>>;
  readonly forbids: Readonly<Record<string, string>>;
}

export function referenceSource({ json }: CedarSchema, policies: readonly CheckedPolicy[]): ReferenceSource {
  const actions = Object.entries(json['']?.actions ?? {}).map(
    ([id, { memberOf = [] }]): readonly [string, ActionType] => [id, { memberOf }],
  );
  return {
    schema: { json: { '': { entityTypes: {}, actions: Object.fromEntries(actions) } } },
    permits: textsOf(policies, 'permit'),
    forbids: textsOf(policies, 'forbid'),
  };
}

function textsOf(policies: readonly CheckedPolicy[], effect: 'permit' | 'forbid'): Record<string, string> {
  const some = policies.filter(({ description }) => description.effect === effect);
  return Object.fromEntries(some.map(({ description, statement }) => [description.id, statement.text]));
}

import { EntityRef, type PolicyEntity } from '../../action/policy-port.ts';
import type { CedarSchema } from '../generate-schema.ts';

/** What the schema says of actions: the groups that each is in. */
export function describeActions({ json }: CedarSchema): (ref: EntityRef) => PolicyEntity | undefined {
  const actions = new Map(
    Object.entries(json['']?.actions ?? {}).map(([id, { memberOf = [] }]): readonly [string, PolicyEntity] => [
      id,
      { attributes: {}, parents: memberOf.map((group) => new EntityRef('Action', group.id)) },
    ]),
  );
  return ({ type, id }) => (type === 'Action' ? actions.get(id) : undefined);
}

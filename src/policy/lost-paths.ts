import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isTransformation, type Transformation } from '../action/obligation.ts';
import type { Catalog, OperationDescriptor } from '../action/operation-descriptor.ts';
import type { PolicyDescription } from '../action/policy-port.ts';
import { parsePath } from '../lib/json-path.ts';
import { formatUnless } from './format-unless.ts';
import type { CedarSchema } from './generate-schema.ts';
import { schemaHasPath } from './schema-has-path.ts';
import type { PolicyProblem } from './split-policies.ts';

interface Described {
  readonly json: Pick<PolicyJson, 'action'>;
  readonly description: PolicyDescription;
}

interface Scope {
  readonly schema: CedarSchema;
  readonly catalog: Catalog;
}

/** The paths of `@unless` that no operation in the policy's scope has: an obligation on them would change nothing. */
export function lostPaths({ json, description }: Described, { schema, catalog }: Scope): readonly PolicyProblem[] {
  const transformations = description.unless.filter(isTransformation);
  if (transformations.length === 0) return [];
  const inScope = operationsOf(json.action, schema);
  const operations = catalog.operations.filter(({ operation }) => inScope.has(operation));
  if (operations.length === 0) return [];
  return transformations
    .filter((obligation) => !operations.some((operation) => canApply(obligation, operation)))
    .map((obligation) => ({
      place: description.place,
      policy: description.id,
      problem: `no operation in its scope has ${obligation.path}`,
      remedy: `Correct the path in ${formatUnless([obligation])}: as it is, the obligation changes nothing.`,
    }));
}

function canApply({ path }: Transformation, { input, output }: OperationDescriptor): boolean {
  const { root, steps } = parsePath(path);
  return schemaHasPath(root === 'input' ? input : output, steps);
}

/** The operations that the policy's head admits. */
export function operationsOf(action: PolicyJson['action'], schema: CedarSchema): ReadonlySet<string> {
  const actions = Object.entries(schema.json['']?.actions ?? {});
  if (action.op === 'All') return new Set(actions.map(([id]) => id));
  const named = new Set(entitiesIn(action));
  return new Set(
    actions
      .filter(([id, { memberOf = [] }]) => named.has(id) || memberOf.some((group) => named.has(group.id)))
      .map(([id]) => id),
  );
}

function entitiesIn(constraint: Exclude<PolicyJson['action'], { op: 'All' }>): readonly string[] {
  const entities = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : [];
  return entities.map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id));
}

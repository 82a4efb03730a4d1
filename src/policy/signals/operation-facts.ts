import { EFFECT_KINDS } from '../../action/effect.ts';
import type { Catalog } from '../../action/operation-descriptor.ts';
import type { SignalPattern } from '../../action/signal.ts';
import { type CedarRecord, record } from '../cedar-type.ts';
import { inputMapping } from '../input-mapping.ts';

/** What signals have to know of an operation. */
export interface OperationFacts {
  readonly operation: string;
  /** The declared fields of its input: what the log keeps of a call, without facets. */
  readonly input: CedarRecord;
  readonly resourceTypes: readonly string[];
}

/** Operations by name, and what each name of an operation or of a group of them stands for. */
export interface CatalogFacts {
  readonly operations: ReadonlyMap<string, OperationFacts>;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** The operations that patterns may find; where there are none, one that has nothing but what all actions have. */
export function earlierOperations(
  patterns: readonly Pick<SignalPattern, 'operations'>[],
  { operations }: CatalogFacts,
): readonly OperationFacts[] {
  const found = [...operations.values()].filter(({ operation }) =>
    patterns.some((pattern) => pattern.operations === undefined || pattern.operations.includes(operation)),
  );
  return found.length > 0 ? found : [{ operation: '', input: record({}), resourceTypes: [] }];
}

/** Groups are those that policies know (see `generate-schema.ts`), but for placeholders. Throws CONNECTOR_INVALID. */
export function catalogFacts({ systems, operations }: Catalog): CatalogFacts {
  const facts = new Map<string, OperationFacts>();
  const names = new Map<string, string[]>();
  for (const group of ['tool', 'data', 'model', 'write', ...EFFECT_KINDS, ...systems]) names.set(group, []);
  for (const { operation, system, activity, effectKinds, input, resourceTypes } of operations) {
    facts.set(operation, { operation, input: inputMapping(input, operation).cedar, resourceTypes });
    names.set(operation, [operation]);
    const writes = effectKinds.some((kind) => kind !== 'read') ? ['write'] : [];
    for (const group of new Set([system, activity, ...effectKinds, ...writes])) names.get(group)?.push(operation);
  }
  return { operations: facts, names };
}

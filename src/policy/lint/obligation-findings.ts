import { isOnResult, isTransformation, REDACTED, type Transformation } from '../../action/obligation.ts';
import type { OperationDescriptor } from '../../action/operation-descriptor.ts';
import { parsePath } from '../../lib/json-path.ts';
import { nearest } from '../../lib/nearest.ts';
import { formatUnless } from '../format-unless.ts';
import { schemaHasPath } from '../schema-has-path.ts';
import { type Finding, type Found, finding } from './finding.ts';
import { idleObligations } from './idle-obligations.ts';
import type { LintedPolicy } from './linted-policy.ts';
import type { Observations } from './observations.ts';
import { boundsOf } from './zod-bounds.ts';
import { type Leaf, leavesAt } from './zod-leaves.ts';

export interface ObligationParts {
  readonly operations: ReadonlyMap<string, OperationDescriptor>;
  /** Those that an approver can be in; undefined where that is not known here. */
  readonly groups?: ReadonlySet<string> | undefined;
}

/** What is wrong with what discharges a forbid, for the operations that it can hold for. */
export function obligationFindings(
  { checked: { description } }: LintedPolicy,
  observed: Observations,
  { operations: known, groups }: ObligationParts,
): readonly Finding[] {
  if (description.unless.length === 0) return [];
  const names = new Set(observed.holding.flatMap((each) => [...each.operations]));
  const operations = [...names].flatMap((operation) => known.get(operation) ?? []);
  const facts = factsOf(observed);
  const found = description.unless.flatMap((obligation): readonly Found[] => {
    if (isTransformation(obligation)) return atPath(obligation, operations);
    if (obligation.kind === 'approval') return groups === undefined ? [] : unknownGroup(obligation.group, groups);
    if (obligation.kind !== 'fact' || facts.has(obligation.name)) return [];
    return [{ rule: 'unknown-fact', problem: `nothing provides the fact ${obligation.name}` }];
  });
  return [...found, ...idleObligations(description.unless)].map((each) =>
    finding({ place: description.place, policy: description.id }, each),
  );
}

function factsOf({ inScope }: Observations): ReadonlySet<string> {
  return new Set(
    inScope.flatMap(({ environment }) => {
      const context = environment.variables.get('context');
      const facts = context?.is === 'record' ? context.fields.get('facts')?.domain : undefined;
      return facts?.is === 'record' ? [...facts.fields.keys()] : [];
    }),
  );
}

function unknownGroup(group: string, groups: ReadonlySet<string>): readonly Found[] {
  if (groups.has(group)) return [];
  const suggestion = nearest(group, groups);
  return [
    {
      rule: 'unknown-group',
      problem: `no key is in the group ${group}, so nobody can approve`,
      ...(suggestion === undefined ? {} : { remedy: `Did you mean "${suggestion}"?` }),
    },
  ];
}

function atPath(obligation: Transformation, operations: readonly OperationDescriptor[]): readonly Found[] {
  const { steps } = parsePath(obligation.path);
  const schemaOf = ({ input, output }: OperationDescriptor) => (isOnResult(obligation) ? output : input);
  const having = operations.filter((operation) => schemaHasPath(schemaOf(operation), steps));
  const lacking = operations.filter((operation) => !having.includes(operation));
  // What is asked for at any depth is meant for whatever has it.
  const isWherever = steps.some(({ kind }) => kind === 'any-depth');
  const misfits = having.flatMap((operation) => {
    const leaves = isWherever ? undefined : leavesAt(schemaOf(operation), steps);
    const why = leaves === undefined || leaves.length === 0 ? undefined : misfit(obligation, leaves);
    return why === undefined ? [] : [{ operation: operation.operation, why }];
  });
  return [
    ...(lacking.length === 0 || isWherever ? [] : [missing(obligation, lacking, having.length)]),
    ...(misfits.length === 0 ? [] : [impossible(obligation, misfits, operations.length)]),
  ];
}

function missing(obligation: Transformation, lacking: readonly OperationDescriptor[], having: number): Found {
  const which = some(lacking.map(({ operation }) => operation));
  return {
    rule: 'obligation-missing-path',
    severity: having === 0 ? 'error' : undefined,
    problem: `${formatUnless([obligation])} changes nothing of ${which}, which then passes as it is`,
  };
}

function impossible(
  obligation: Transformation,
  misfits: readonly { readonly operation: string; readonly why: string }[],
  of: number,
): Found {
  const which = some(misfits.map(({ operation }) => operation));
  const instead = isOnResult(obligation) ? 'it is redacted whole' : 'the action is denied';
  return {
    rule: 'obligation-impossible',
    severity: isOnResult(obligation) || misfits.length < of ? 'warning' : 'error',
    problem: `${formatUnless([obligation])} does not fit ${which}: ${misfits[0]?.why ?? ''}; ${instead}`,
  };
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Why an obligation fits nothing that can stand there. */
function misfit(obligation: Transformation, leaves: readonly Leaf[]): string | undefined {
  const onInput = !isOnResult(obligation);
  const all = (claim: (leaf: Leaf) => boolean) => leaves.every(claim);
  switch (obligation.kind) {
    case 'drop':
      return onInput && all(({ isRequired }) => isRequired) ? 'the operation requires it' : undefined;
    case 'redact':
      return onInput && all((leaf) => !accepts(leaf, REDACTED)) ? `it does not accept "${REDACTED}"` : undefined;
    case 'mask':
      if (all(({ schema }) => isText(schema))) return undefined;
      if (!all(({ schema }) => !isText(schema))) return undefined;
      return !onInput || all((leaf) => !accepts(leaf, REDACTED)) ? 'it is no text' : undefined;
    case 'limit': {
      if (all(({ schema }) => schema._zod.def.type !== 'array')) return 'it is no list';
      return onInput && all((leaf) => boundsOf(leaf.schema).min > obligation.max) ? 'it needs more items' : undefined;
    }
    case 'cap': {
      if (all(({ schema }) => !isNumeric(schema))) return 'it is no number';
      return onInput && all((leaf) => boundsOf(leaf.schema).min > obligation.max) ? 'it has to be larger' : undefined;
    }
    default:
      return obligation satisfies never;
  }
}

function accepts({ schema }: Leaf, value: string): boolean {
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  return result instanceof Promise || result.issues.length === 0;
}

function isText(schema: Leaf['schema']): boolean {
  return ['string', 'enum', 'template_literal', 'literal'].includes(schema._zod.def.type);
}

function isNumeric(schema: Leaf['schema']): boolean {
  const { def } = schema._zod;
  if (def.type === 'array') return isNumeric(def.element as Leaf['schema']); // as every schema that zod makes
  return ['number', 'int', 'literal', 'enum', 'null'].includes(def.type);
}

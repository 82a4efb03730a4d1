import type { PolicySet } from '../action/policy-port.ts';

const known = new WeakMap<PolicySet, ReadonlySet<string> | 'all'>();

const PREFIX = 'context.facts.';

/** Names of the facts that some policy of the set reads or waits for; `all` where one hands them on as a whole. */
export function wantedFacts(policySet: PolicySet): ReadonlySet<string> | 'all' {
  const before = known.get(policySet);
  if (before !== undefined) return before;
  const found = find(policySet);
  known.set(policySet, found);
  return found;
}

function find({ policies, reads }: PolicySet): ReadonlySet<string> | 'all' {
  const paths = [...policies.keys()].flatMap((id) => reads?.(id) ?? []);
  if (paths.includes('context.facts') || paths.includes('context')) return 'all';
  const read = paths.flatMap((path) =>
    path.startsWith(PREFIX) ? [path.slice(PREFIX.length).split('.')[0] ?? ''] : [],
  );
  const awaited = [...policies.values()].flatMap(({ unless }) =>
    unless.flatMap((obligation) => (obligation.kind === 'fact' ? [obligation.name] : [])),
  );
  return new Set([...read, ...awaited]);
}

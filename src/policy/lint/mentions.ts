import { EntityRef } from '../../action/policy-port.ts';
import type { Term } from './term.ts';

/** What of an environment a term can tell from another one. */
export interface Mentions {
  /** Actions and groups. */
  readonly actions: ReadonlySet<string>;
  /** Attributes, of whatever they are. */
  readonly attributes: ReadonlySet<string>;
  readonly usesResource: boolean;
}

export function mentionsOf(terms: readonly Term[]): Mentions {
  const actions = new Set<string>();
  const attributes = new Set<string>();
  let usesResource = false;
  const open = [...terms];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    if (term.op === 'attribute' || term.op === 'has') attributes.add(term.name);
    if (term.op === 'variable' && term.name === 'resource') usesResource = true;
    const values = term.op === 'literal' ? [term.value] : term.op === 'one-of' ? term.members : [];
    for (const value of values) if (value instanceof EntityRef && value.type === 'Action') actions.add(value.id);
    if ('parts' in term) open.push(...term.parts);
  }
  return { actions, attributes, usesResource };
}

export function bothMentions(a: Mentions, b: Mentions): Mentions {
  return {
    actions: new Set([...a.actions, ...b.actions]),
    attributes: new Set([...a.attributes, ...b.attributes]),
    usesResource: a.usesResource || b.usesResource,
  };
}

/** Whether environments that are alike to `a` are alike to `b`. */
export function covers(a: Mentions, b: Mentions): boolean {
  return (
    [...b.actions].every((action) => a.actions.has(action)) &&
    [...b.attributes].every((attribute) => a.attributes.has(attribute)) &&
    (a.usesResource || !b.usesResource)
  );
}

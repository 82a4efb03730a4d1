import { plainId } from '../../action/names.ts';
import { EntityRef } from '../../action/policy-port.ts';
import { nearest } from '../../lib/nearest.ts';
import type { StringDomain } from './domain.ts';
import type { Facts } from './facts.ts';
import type { Found } from './finding.ts';
import { Interpreter } from './interpreter.ts';
import type { LintedPolicy } from './linted-policy.ts';
import type { Observations } from './observations.ts';
import { type Scalar, scalarKey, type Term, type TermOf } from './term.ts';

interface Named {
  readonly term: Term;
  readonly found: Found;
}

/** Values and attributes that nothing has: Cedar's validation sees neither. */
export function unknownNames(policy: LintedPolicy, observed: Observations): readonly Named[] {
  const found: Named[] = [];
  const open = [...policy.scope, ...policy.conditions];
  for (let term = open.shift(); term !== undefined; term = open.shift()) {
    if ('parts' in term) open.push(...term.parts);
    const about = foundIn(term, observed);
    if (about !== undefined) found.push({ term, found: about });
  }
  return found;
}

function foundIn(term: Term, observed: Observations): Found | undefined {
  if (term.op === 'literal') return wrongId([term.value]);
  if (term.op === 'one-of') return wrongId(term.members) ?? unknownValue(term, observed);
  return term.op === 'has' ? unknownAttribute(term, observed) : undefined;
}

/** Entities that are named by whoever opens a workflow, in one form. */
const FREELY_NAMED = new Set(['AgentId', 'Agent', 'Interlock::User']);

function wrongId(values: readonly Scalar[]): Found | undefined {
  const wrong = values.find(
    (value) => value instanceof EntityRef && FREELY_NAMED.has(value.type) && !plainId.safeParse(value.id).success,
  );
  if (wrong === undefined) return undefined;
  return {
    rule: 'unknown-value',
    problem: `nothing is ever called ${scalarKey(wrong)}`,
    remedy: 'An id is letters, digits and ._:@~+/=- and begins with a letter or digit.',
  };
}

const NOTHING_KNOWN: Facts = new Map();

function unknownValue(term: TermOf<'one-of'>, { inScope }: Observations): Found | undefined {
  const domains = inScope.flatMap(
    ({ environment }) => new Interpreter(environment).valueOf(term.parts[0], NOTHING_KNOWN) ?? [],
  );
  const texts = domains.filter((domain) => domain.is === 'string');
  if (texts.length === 0 || texts.length < domains.length) return undefined;
  const member = term.members.find(
    (value) => typeof value === 'string' && texts.every((domain) => isNever(value, domain)),
  );
  if (typeof member !== 'string') return undefined;
  const words = [...new Set(texts.flatMap((domain) => [...(domain.words ?? [])]))];
  const suggestion = nearest(member, words);
  const shown = words.slice(0, 20).join(', ');
  const known = words.length === 0 ? 'Use a value that its schema accepts.' : `It is one of ${shown}.`;
  return {
    rule: 'unknown-value',
    problem: `nothing ever is ${JSON.stringify(member)} here`,
    remedy: suggestion === undefined ? known : `Did you mean "${suggestion}"? ${known}`,
  };
}

function isNever(text: string, { words, accepts }: StringDomain): boolean {
  return words?.has(text) === false || accepts?.(text) === false;
}

function unknownAttribute(term: TermOf<'has'>, { inScope, seen }: Observations): Found | undefined {
  const truth = seen.get(term);
  if (truth === undefined || truth.true) return undefined;
  const known = new Set(
    inScope.flatMap(({ environment }) => {
      const of = new Interpreter(environment).valueOf(term.parts[0], NOTHING_KNOWN);
      if (of?.is === 'record') return [...of.fields.keys()];
      return of?.is === 'entity' ? [...(environment.attributes(of.type)?.keys() ?? [])] : [];
    }),
  );
  if (known.has(term.name)) return undefined;
  const suggestion = nearest(term.name, known);
  return {
    rule: 'unknown-attribute',
    problem: `nothing in its scope has ${JSON.stringify(term.name)} there`,
    ...(suggestion === undefined ? {} : { remedy: `Did you mean "${suggestion}"?` }),
  };
}

import { type Finding, type Found, finding } from './finding.ts';
import type { LintedPolicy } from './linted-policy.ts';
import { unknownNames } from './name-findings.ts';
import type { Observations } from './observations.ts';
import { placeOf } from './place-of.ts';
import { showExpression } from './show-expression.ts';
import type { Term } from './term.ts';

const ARITHMETIC: ReadonlySet<Term['op']> = new Set(['add', 'subtract', 'multiply', 'negate']);

/** What is wrong with the conditions of one policy, by itself. */
export function conditionFindings(policy: LintedPolicy, observed: Observations): readonly Finding[] {
  const { description, statement } = policy.checked;
  const report = (term: Term | undefined, found: Found): Finding => {
    const place = term?.source === undefined ? description.place : placeOf(statement, showExpression(term.source));
    return finding({ place, policy: description.id }, found);
  };
  if (observed.classes === 0) return [];
  if (observed.inScope.length === 0)
    return [report(undefined, { rule: 'empty-scope', problem: 'no operation fits the head of this policy' })];
  const names = unknownNames(policy, observed);
  const explained = new Set(names.map(({ term }) => term));
  return [
    ...names.map(({ term, found }) => report(term, found)),
    ...constants(policy, observed, explained).map(({ term, found }) => report(term, found)),
    ...[...observed.failing].map((term) => report(term, failureOf(term))),
  ];
}

function failureOf(term: Term): Found {
  if (ARITHMETIC.has(term.op)) return { rule: 'can-overflow', problem: `${shown(term)} can overflow` };
  return { rule: 'can-fail', problem: `${shown(term)} can fail` };
}

interface About {
  readonly term: Term | undefined;
  readonly found: Found;
}

/** Conditions, and parts of them, that are the same for every request. */
function constants(
  { conditions }: LintedPolicy,
  { seen, holding, failing }: Observations,
  explained: ReadonlySet<Term>,
): readonly About[] {
  const truthOf = (term: Term): boolean | undefined => {
    const truth = seen.get(term);
    // What can err is not always true.
    const isOpen = truth === undefined || truth.true === truth.false || (truth.true && failing.size > 0);
    return isOpen ? undefined : truth.true;
  };
  if (holding.length === 0) {
    const culprit = conditions
      .map((condition) => culpritOf(condition, false, truthOf))
      .find((term) => term !== undefined);
    if (culprit !== undefined && holdsAny(culprit, explained)) return [];
    const why =
      culprit === undefined ? '' : `: ${shown(culprit)} is never ${truthOf(culprit) === true ? 'false' : 'true'}`;
    return [{ term: culprit, found: { rule: 'never-holds', problem: `no request meets this policy${why}` } }];
  }
  const only = conditions.map(truthOf);
  if (conditions.length > 0 && only.every((truth) => truth === true)) {
    const culprit = culpritOf(conditions[0], true, truthOf);
    return [
      { term: culprit, found: { rule: 'always-holds', problem: 'every request in its scope meets the conditions' } },
    ];
  }
  const idle: About[] = [];
  const visit = (term: Term): void => {
    const truth = truthOf(term);
    if (truth === undefined) for (const part of partsOf(term)) visit(part);
    else if (seen.has(term)) {
      const culprit = culpritOf(term, truth, truthOf);
      if (culprit !== undefined && !holdsAny(culprit, explained))
        idle.push({ term: culprit, found: { rule: 'idle-part', problem: constantly(culprit, truthOf(culprit)) } });
    }
  };
  for (const condition of conditions) visit(condition);
  return idle;
}

function constantly(term: Term, truth: boolean | undefined): string {
  return `${shown(term)} is ${truth === true ? 'always true' : 'never true'} where it is asked`;
}

/** The conditions that a condition is made of. */
function partsOf(term: Term): readonly Term[] {
  return term.op === 'and' || term.op === 'or' || term.op === 'not' || term.op === 'if' ? term.parts : [];
}

/** The smallest part, as it is written, that alone makes a term what it always is. */
function culpritOf(
  term: Term | undefined,
  truth: boolean,
  truthOf: (term: Term) => boolean | undefined,
): Term | undefined {
  if (term === undefined || truthOf(term) !== truth) return undefined;
  if (term.op === 'not') return culpritOf(term.parts[0], !truth, truthOf) ?? written(term);
  if ((term.op === 'and' && !truth) || (term.op === 'or' && truth)) {
    const part = term.parts.find((each) => truthOf(each) === truth);
    return culpritOf(part, truth, truthOf) ?? written(term);
  }
  return written(term);
}

function written(term: Term): Term | undefined {
  return term.source === undefined ? undefined : term;
}

function holdsAny(term: Term, explained: ReadonlySet<Term>): boolean {
  return explained.has(term) || ('parts' in term && term.parts.some((part) => holdsAny(part, explained)));
}

function shown({ source }: Term): string {
  return source === undefined ? 'it' : showExpression(source);
}

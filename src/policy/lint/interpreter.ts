import type { PatternElem } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityRef } from '../../action/policy-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import { LikePattern } from '../compiled/like-pattern.ts';
import { boundsOfCall } from './call-domain.ts';
import {
  ANY,
  canBe,
  type Domain,
  FALSE,
  join,
  LONG_MAX,
  LONG_MIN,
  meet,
  numbers,
  onlyValue,
  scalarDomain,
  TRUE,
  UNKNOWN_BOOLEAN,
} from './domain.ts';
import type { Environment } from './environment.ts';
import { type Facts, joinFacts } from './facts.ts';
import { refine } from './refine.ts';
import type { Scalar, Term, TermOf } from './term.ts';

/** What is known where a condition is true and where it is false; absent: it never is. Where it errs, it is neither. */
export interface Outcome {
  readonly whenTrue?: Facts | undefined;
  readonly whenFalse?: Facts | undefined;
}

export interface Observer {
  /** A condition inside the policy was evaluated. */
  readonly outcome?: (term: Term, outcome: Outcome) => void;
  /** The term can err: an overflow, a missing attribute. */
  readonly failure?: (term: Term) => void;
}

/** Terms that are looked at for one policy in one environment. */
const MOST_STEPS = 20_000;

/** Thrown past the bound: nothing is said of such a policy. */
export class TooComplex extends InterlockError {
  constructor() {
    super('POLICY_INVALID', 'the policy is too complex to be looked into');
  }
}

export function orIfTooComplex<T>(otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof TooComplex) return otherwise;
    throw thrown;
  }
}

/**
 * Evaluates terms on everything that an environment allows at once. Sound: what it says never happens, never happens.
 * The other way round it may not see that something cannot happen.
 */
export class Interpreter {
  readonly #environment: Environment;
  readonly #observer: Observer;
  #steps = 0;

  constructor(environment: Environment, observer: Observer = {}) {
    this.#environment = environment;
    this.#observer = observer;
  }

  outcome(term: Term, facts: Facts): Outcome {
    const found = this.#outcome(term, facts);
    this.#observer.outcome?.(term, found);
    return found;
  }

  /** Undefined where the term cannot be evaluated without an error. */
  valueOf(term: Term, facts: Facts): Domain | undefined {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new TooComplex();
    const value = this.#value(term, facts);
    const known = facts.get(term.key);
    return value === undefined || known === undefined ? value : meet(value, known);
  }

  #outcome(term: Term, facts: Facts): Outcome {
    switch (term.op) {
      case 'not': {
        const { whenTrue, whenFalse } = this.outcome(term.parts[0], facts);
        return { whenTrue: whenFalse, whenFalse: whenTrue };
      }
      case 'and':
      case 'or':
        return this.#chain(term, term.parts, facts);
      case 'if': {
        const [condition, then, otherwise] = term.parts;
        const chosen = this.outcome(condition, facts);
        const sides = [
          chosen.whenTrue === undefined ? {} : this.outcome(then, chosen.whenTrue),
          chosen.whenFalse === undefined ? {} : this.outcome(otherwise, chosen.whenFalse),
        ];
        return {
          whenTrue: joinFacts(sides.map(({ whenTrue }) => whenTrue)),
          whenFalse: joinFacts(sides.map(({ whenFalse }) => whenFalse)),
        };
      }
      default: {
        const value = this.valueOf(term, facts);
        const domainIn = (part: Term) => this.valueOf(part, facts);
        const assumed = (truth: boolean) =>
          value !== undefined && canBe(value, truth) ? refine(term, { truth, facts, domainIn }) : undefined;
        return { whenTrue: assumed(true), whenFalse: assumed(false) };
      }
    }
  }

  #chain(term: Term, parts: readonly Term[], facts: Facts): Outcome {
    const isAnd = term.op === 'and';
    // A chain may be known as a whole, e.g. from another policy.
    const known = facts.get(term.key);
    if (known?.is === 'boolean' && known.only !== undefined)
      return known.only ? { whenTrue: facts } : { whenFalse: facts };
    const ended: (Facts | undefined)[] = [];
    let open: Facts | undefined = facts;
    for (const part of parts) {
      if (open === undefined) break;
      const { whenTrue, whenFalse }: Outcome = this.outcome(part, open);
      ended.push(isAnd ? whenFalse : whenTrue);
      open = isAnd ? whenTrue : whenFalse;
    }
    const left = joinFacts(ended);
    const whole = (of: Facts | undefined, truth: boolean) => of && new Map(of).set(term.key, truth ? TRUE : FALSE);
    return isAnd
      ? { whenTrue: whole(open, true), whenFalse: whole(left, false) }
      : { whenTrue: whole(left, true), whenFalse: whole(open, false) };
  }

  #value(term: Term, facts: Facts): Domain | undefined {
    const domains = (parts: readonly Term[]): readonly Domain[] | undefined => {
      const values = parts.flatMap((part) => this.valueOf(part, facts) ?? []);
      return values.length === parts.length ? values : undefined;
    };
    switch (term.op) {
      case 'literal':
        return scalarDomain(term.value);
      case 'variable':
        return this.#environment.variables.get(term.name) ?? ANY;
      case 'and':
      case 'or':
      case 'not':
        return truthOf(this.outcome(term, facts));
      case 'if':
        return this.#choice(term.parts, facts);
      case 'attribute':
        return this.#attribute(term, facts);
      case 'has': {
        const field = this.#fieldOf(term, facts);
        if (field === 'open') return UNKNOWN_BOOLEAN;
        if (field === undefined) return FALSE;
        return field.isRequired ? TRUE : UNKNOWN_BOOLEAN;
      }
      case 'in':
        return this.#within(term.parts, facts);
      case 'call':
        return this.#call(term, domains(term.parts));
      default: {
        const values = domains(term.parts);
        return values && this.#operation(term, values);
      }
    }
  }

  #choice([condition, then, otherwise]: readonly [Term, Term, Term], facts: Facts): Domain | undefined {
    const { whenTrue, whenFalse } = this.outcome(condition, facts);
    const sides = [whenTrue && this.valueOf(then, whenTrue), whenFalse && this.valueOf(otherwise, whenFalse)];
    const possible = sides.filter((side) => side !== undefined);
    return possible.length === 0 ? undefined : possible.reduce(join);
  }

  #fieldOf(term: TermOf<'attribute' | 'has'>, facts: Facts) {
    const of = this.valueOf(term.parts[0], facts);
    if (of?.is === 'record') return of.fields.get(term.name);
    if (of?.is === 'entity') return this.#environment.attributes(of.type)?.get(term.name);
    return 'open';
  }

  #attribute(term: TermOf<'attribute'>, facts: Facts): Domain | undefined {
    const field = this.#fieldOf(term, facts);
    const isThere = facts.get(hasKey(term)) === TRUE || (field !== 'open' && field?.isRequired === true);
    if (!isThere) this.#observer.failure?.(term);
    return field === 'open' ? ANY : field?.domain;
  }

  #within([left, right]: readonly [Term, Term], facts: Facts): Domain {
    const of = this.valueOf(left, facts);
    const named = right.op === 'literal' && right.value instanceof EntityRef ? right.value : undefined;
    if (of?.is !== 'entity' || named === undefined) return UNKNOWN_BOOLEAN;
    const only = onlyValue(of);
    if (only instanceof EntityRef && only.type === named.type && only.id === named.id) return TRUE;
    const variable = left.op === 'variable' ? left.name : undefined;
    const known = this.#environment.isIn({ variable, type: of.type }, named);
    return known === undefined ? UNKNOWN_BOOLEAN : known ? TRUE : FALSE;
  }

  #call(term: TermOf<'call'>, values: readonly Domain[] | undefined): Domain | undefined {
    if (values === undefined) return undefined;
    const { domain, canFail } = boundsOfCall(term.name, values);
    if (canFail) this.#observer.failure?.(term);
    return domain;
  }

  #operation(term: Term, values: readonly Domain[]): Domain | undefined {
    const [a = ANY, b = ANY] = values;
    switch (term.op) {
      case 'set':
        return { is: 'set', element: values.length === 0 ? ANY : values.reduce(join), isEmpty: values.length === 0 };
      case 'is':
        return a.is === 'entity' ? (a.type === term.name ? TRUE : FALSE) : UNKNOWN_BOOLEAN;
      case 'one-of':
        return isOneOf(a, term.members);
      case 'equals':
        return meet(a, b) === undefined ? FALSE : areEqual(term, a, b) ? TRUE : UNKNOWN_BOOLEAN;
      case 'less':
        if (a.is !== 'number' || b.is !== 'number') return UNKNOWN_BOOLEAN;
        return a.max < b.min ? TRUE : a.min >= b.max ? FALSE : UNKNOWN_BOOLEAN;
      case 'like':
        return isLike(a, term.pattern);
      case 'contains':
        return a.is === 'set' && (a.isEmpty === true || meet(a.element, b) === undefined) ? FALSE : UNKNOWN_BOOLEAN;
      case 'is-empty':
        return a.is === 'set' && a.isEmpty !== undefined ? (a.isEmpty ? TRUE : FALSE) : UNKNOWN_BOOLEAN;
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'negate':
        return this.#computed(term, a, b);
      default:
        return ANY;
    }
  }

  #computed(term: Term, a: Domain, b: Domain): Domain | undefined {
    const ends = (of: Domain): readonly bigint[] => (of.is === 'number' ? [of.min, of.max] : [LONG_MIN, LONG_MAX]);
    const results = ends(a).flatMap((x) => (term.op === 'negate' ? [-x] : ends(b).map((y) => computed(term.op, x, y))));
    const min = results.reduce((least, each) => (each < least ? each : least));
    const max = results.reduce((most, each) => (each > most ? each : most));
    if (min < LONG_MIN || max > LONG_MAX) this.#observer.failure?.(term);
    return meet(numbers(min, max), numbers(LONG_MIN, LONG_MAX));
  }
}

function hasKey({ parts: [of], name }: TermOf<'attribute'>): string {
  return `(has ${JSON.stringify(name)} ${of.key})`;
}

function truthOf({ whenTrue, whenFalse }: Outcome): Domain | undefined {
  if (whenTrue === undefined) return whenFalse && FALSE;
  return whenFalse === undefined ? TRUE : UNKNOWN_BOOLEAN;
}

function computed(op: Term['op'], x: bigint, y: bigint): bigint {
  if (op === 'multiply') return x * y;
  return op === 'add' ? x + y : x - y;
}

function isOneOf(domain: Domain, members: readonly Scalar[]): Domain {
  if (!members.some((member) => canBe(domain, member))) return FALSE;
  const rest =
    domain.is === 'string' && domain.values !== undefined
      ? [...domain.values].filter((text) => !members.includes(text))
      : domain.is === 'entity' && domain.ids !== undefined
        ? [...domain.ids].filter((id) => !members.some((each) => each instanceof EntityRef && each.id === id))
        : onlyValue(domain) === undefined
          ? undefined
          : [];
  return rest?.length === 0 ? TRUE : UNKNOWN_BOOLEAN;
}

function areEqual({ parts: [left, right] }: TermOf<'equals'>, a: Domain, b: Domain): boolean {
  const only = onlyValue(a);
  return left.key === right.key || (only !== undefined && canBe(b, only) && onlyValue(b) !== undefined);
}

function isLike(domain: Domain, pattern: readonly PatternElem[]): Domain {
  if (pattern.length > 0 && pattern.every((part) => part === 'Wildcard')) return TRUE;
  if (domain.is !== 'string' || domain.values === undefined) return UNKNOWN_BOOLEAN;
  const matching = [...domain.values].filter((text) => new LikePattern(pattern).matches(text)).length;
  return matching === 0 ? FALSE : matching === domain.values.size ? TRUE : UNKNOWN_BOOLEAN;
}

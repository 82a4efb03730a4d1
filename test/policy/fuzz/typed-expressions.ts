import type { Expr, PatternElem } from '@cedar-policy/cedar-wasm/nodejs';

import type { Chance } from './chance.ts';
import { choice } from './choice.ts';
import { type FuzzWorld, makeType, makeValue, type UsualTypes } from './fuzz-world.ts';
import { literal } from './literal.ts';
import { access, type Path, pathsOf, provided } from './paths.ts';
import { NAMES, STRANGE_TYPE, TEXTS } from './pools.ts';
import { BOOL, DATETIME, DECIMAL, DURATION, IP, LONG, STRING, sameType, type ValueType } from './value-type.ts';

/** Of readings, these look first whether there is something to read. */
const CAREFUL = 0.93;
const ORDERED = ['<', '<=', '>', '>='] as const;
const DECIMAL_ORDER = ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'];

/** Expressions of a wanted type over a world, of which most can be evaluated. */
export class TypedExpressions {
  readonly #chance: Chance;
  readonly #world: FuzzWorld;
  readonly #paths: readonly Path[];
  readonly #entityTypes: readonly string[];

  constructor(chance: Chance, world: FuzzWorld, usual: UsualTypes) {
    this.#chance = chance;
    this.#world = world;
    this.#paths = pathsOf(world, usual);
    this.#entityTypes = world.entityTypes.map(({ name }) => name);
  }

  make(type: ValueType, depth: number): Expr {
    const roll = this.#chance.below(10);
    if (depth <= 0 || roll < 2) return this.#leaf(type);
    if (roll < 3) return choice(this.make(BOOL, depth - 1), this.make(type, depth - 1), this.make(type, depth - 1));
    switch (type.is) {
      case 'Bool':
        return this.#bool(depth - 1);
      case 'Long':
        return this.#long(depth - 1);
      case 'datetime':
        return this.#datetime(depth - 1);
      case 'duration':
        return this.#duration(depth - 1);
      case 'Set':
        return { Set: this.#chance.list(0, 3, () => this.make(type.of, depth - 1)) };
      default:
        return this.#leaf(type);
    }
  }

  #leaf(type: ValueType): Expr {
    const paths = this.#paths.filter((path) => sameType(path.type, type));
    if (paths.length === 0 || this.#chance.is(0.25)) return literal(makeValue(this.#chance, type));
    const path = this.#chance.pick(paths);
    if (path.steps.length === 0 || !this.#chance.is(CAREFUL)) return access(path);
    const otherwise = literal(makeValue(this.#chance, type));
    return choice(provided(this.#chance, path), access(path), otherwise);
  }

  #bool(depth: number): Expr {
    const two = (type: ValueType) => ({ left: this.make(type, depth), right: this.make(type, depth) });
    switch (this.#chance.below(13)) {
      case 0:
      case 1:
        return this.#chance.is(0.5) ? { '&&': two(BOOL) } : { '||': two(BOOL) };
      case 2:
        return { '!': { arg: this.make(BOOL, depth) } };
      case 3:
      case 4:
        return this.#chance.is(0.7) ? { '==': two(this.#anyType()) } : { '!=': two(this.#anyType()) };
      case 5:
      case 6: {
        const operands = two(this.#chance.pick([LONG, LONG, DATETIME, DURATION]));
        return { [this.#chance.pick(ORDERED)]: operands } as Expr; // one of the four
      }
      case 7:
        return this.#hierarchy(depth);
      case 8:
        return this.#sets(depth);
      case 9:
        return { like: { left: this.make(STRING, depth), pattern: this.#pattern() } };
      case 10:
        return this.#extensionTest(depth);
      case 11:
        return this.#tags(depth);
      default:
        return provided(this.#chance, this.#chance.pick(this.#paths.filter(({ steps }) => steps.length > 0)));
    }
  }

  #anyType(): ValueType {
    if (this.#chance.is(0.6)) return this.#chance.pick(this.#paths).type;
    return makeType(this.#chance, this.#entityTypes, 1);
  }

  #entity(depth: number): Expr {
    if (this.#chance.is(0.4)) return { Var: this.#chance.pick(['principal', 'action', 'resource'] as const) };
    return this.make({ is: 'Entity', type: this.#chance.pick(this.#entityTypes) }, depth);
  }

  #hierarchy(depth: number): Expr {
    const left = this.#entity(depth);
    const entity_type = this.#chance.pick([...this.#entityTypes, 'Action', STRANGE_TYPE]);
    const known = () => literal(this.#chance.pick(this.#world.entities)[0]);
    switch (this.#chance.below(5)) {
      case 0:
        return { is: { left, entity_type } };
      case 1:
        return { is: { left, entity_type, in: this.#entity(depth) } };
      case 2:
        return { in: { left, right: { Set: this.#chance.list(0, 12, known) } } };
      case 3:
        return {
          in: {
            left,
            right: this.make({ is: 'Set', of: { is: 'Entity', type: this.#chance.pick(this.#entityTypes) } }, depth),
          },
        };
      default:
        return { in: { left, right: this.#chance.is(0.5) ? known() : this.#entity(depth) } };
    }
  }

  #sets(depth: number): Expr {
    const of = this.#anyType();
    const set = (): Expr => this.make({ is: 'Set', of }, depth);
    switch (this.#chance.below(4)) {
      case 0:
        return { isEmpty: { arg: set() } };
      case 1:
        return { containsAll: { left: set(), right: set() } };
      case 2:
        return { containsAny: { left: set(), right: set() } };
      default:
        return { contains: { left: set(), right: this.make(of, depth) } };
    }
  }

  /** Mostly of what can match at two places of a text at once. */
  #pattern(): PatternElem[] {
    const part = () => this.#chance.pick(this.#chance.is(0.7) ? ['a', 'b', 'ab'] : TEXTS);
    return this.#chance.list(0, 4, () => (this.#chance.is(0.5) ? 'Wildcard' : { Literal: part() }));
  }

  #extensionTest(depth: number): Expr {
    if (this.#chance.is(0.4))
      return { [this.#chance.pick(DECIMAL_ORDER)]: [this.make(DECIMAL, depth), this.make(DECIMAL, depth)] };
    if (this.#chance.is(0.3)) return { isInRange: [this.make(IP, depth), this.make(IP, depth)] };
    return { [this.#chance.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])]: [this.make(IP, depth)] };
  }

  /** `x.hasTag(n) && x.getTag(n) == …`. */
  #tags(depth: number): Expr {
    const tagged = this.#world.entityTypes.filter(({ tags }) => tags !== undefined);
    if (tagged.length === 0) return literal(true);
    const { name: entityType, tags = BOOL } = this.#chance.pick(tagged);
    const left = this.make({ is: 'Entity', type: entityType }, depth);
    const right = this.#chance.is(0.8) ? literal(this.#chance.pick(NAMES)) : this.make(STRING, depth);
    const has: Expr = { hasTag: { left, right } };
    const equal: Expr = { '==': { left: { getTag: { left, right } }, right: this.make(tags, depth) } };
    if (this.#chance.is(0.3)) return has;
    return this.#chance.is(CAREFUL) ? { '&&': { left: has, right: equal } } : equal;
  }

  #long(depth: number): Expr {
    const arg = () => this.make(LONG, depth);
    switch (this.#chance.below(6)) {
      case 0:
        return { '+': { left: arg(), right: arg() } };
      case 1:
        return { '-': { left: arg(), right: arg() } };
      case 2:
        return { '*': { left: arg(), right: arg() } };
      case 3:
        return { neg: { arg: arg() } };
      case 4: {
        const unit = this.#chance.pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays']);
        return { [unit]: [this.make(DURATION, depth)] };
      }
      default:
        return this.#leaf(LONG);
    }
  }

  #datetime(depth: number): Expr {
    if (this.#chance.is(0.4)) return { toDate: [this.make(DATETIME, depth)] };
    return { offset: [this.make(DATETIME, depth), this.make(DURATION, depth)] };
  }

  #duration(depth: number): Expr {
    if (this.#chance.is(0.5)) return { toTime: [this.make(DATETIME, depth)] };
    return { durationSince: [this.make(DATETIME, depth), this.make(DATETIME, depth)] };
  }
}

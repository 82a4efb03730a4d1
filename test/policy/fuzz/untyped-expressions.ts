import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';
import type { Chance } from './chance.ts';
import { choice } from './choice.ts';
import { type FuzzWorld, makeType, makeValue } from './fuzz-world.ts';
import { literal } from './literal.ts';
import { EXTENSION_TEXTS, NAMES, STRANGE_TYPE, TEXTS } from './pools.ts';

const BINARY = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  '+',
  '-',
  '*',
  'in',
  'contains',
  'containsAll',
  'containsAny',
  'getTag',
  'hasTag',
];
const UNARY = ['!', 'neg', 'isEmpty'];
const CONSTRUCTORS = ['decimal', 'datetime', 'duration', 'ip'];
const METHODS = [
  'isIpv4',
  'isIpv6',
  'isLoopback',
  'isMulticast',
  'toDate',
  'toTime',
  'toMilliseconds',
  'toSeconds',
  'toMinutes',
  'toHours',
  'toDays',
];
const BINARY_METHODS = [
  'isInRange',
  'lessThan',
  'lessThanOrEqual',
  'greaterThan',
  'greaterThanOrEqual',
  'offset',
  'durationSince',
];

/** Expressions that parse, and need not make sense: any operator on anything. */
export class UntypedExpressions {
  readonly #chance: Chance;
  readonly #entityTypes: readonly string[];

  constructor(chance: Chance, { entityTypes }: FuzzWorld) {
    this.#chance = chance;
    this.#entityTypes = entityTypes.map(({ name }) => name);
  }

  make(depth: number): Expr {
    if (depth <= 0 || this.#chance.is(0.15)) return this.#leaf();
    const arg = () => this.make(depth - 1);
    const attr = this.#chance.pick(NAMES);
    switch (this.#chance.below(12)) {
      case 0:
        return choice(arg(), arg(), arg());
      case 1:
        return { Set: this.#chance.list(0, 3, arg) };
      case 2:
        return { Record: Object.fromEntries(this.#chance.list(0, 3, () => [this.#chance.pick(NAMES), arg()])) };
      case 3:
        return { '.': { left: arg(), attr } };
      case 4:
        return this.#chance.is(0.7)
          ? { has: { left: arg(), attr } }
          : { has: { left: arg(), attr: [attr, this.#chance.pick(NAMES)] } };
      case 5:
        return this.#test(arg());
      case 6:
        return { [this.#chance.pick(METHODS)]: [arg()] };
      case 7:
        return { [this.#chance.pick(BINARY_METHODS)]: [arg(), arg()] };
      case 8:
        return { [this.#chance.pick(UNARY)]: { arg: arg() } } as Expr; // one of the three
      default:
        return { [this.#chance.pick(BINARY)]: { left: arg(), right: arg() } } as Expr; // one of the list
    }
  }

  #test(left: Expr): Expr {
    const entity_type = this.#chance.pick([...this.#entityTypes, STRANGE_TYPE]);
    switch (this.#chance.below(3)) {
      case 0:
        return { is: { left, entity_type } };
      case 1:
        return { is: { left, entity_type, in: this.#leaf() } };
      default:
        return { like: { left, pattern: ['Wildcard', { Literal: this.#chance.pick(TEXTS) }] } };
    }
  }

  #leaf(): Expr {
    switch (this.#chance.below(5)) {
      case 0:
        return { Var: this.#chance.pick(['principal', 'action', 'resource', 'context'] as const) };
      case 1:
        return { '.': { left: { Var: 'context' }, attr: this.#chance.pick(NAMES) } };
      case 2:
        return { [this.#chance.pick(CONSTRUCTORS)]: [literal(this.#chance.pick(EXTENSION_TEXTS))] };
      default:
        return literal(makeValue(this.#chance, makeType(this.#chance, this.#entityTypes, 2)));
    }
  }
}

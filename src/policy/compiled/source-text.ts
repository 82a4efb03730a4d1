import { attribute, hasAttribute } from './entity-operators.ts';
import type { Expression } from './expression.ts';
import { asBoolean } from './operators.ts';
import { isPrimitive, type Slots } from './shared-slots.ts';
import { valuesEqual } from './values-equal.ts';

/**
 * The text of functions of one chunk of generated code. All that a policy brings along (strings, names, numbers, entities)
 * and every function that is called goes to `constants`; the text itself has nothing but names that are made here:
 * `s` is the state, `m` its memo, `g` the functions of shared expressions, `k…` constants, `t…` what is in between.
 */
export class SourceText {
  readonly constants: unknown[] = [];
  readonly #names = new Map<unknown, string>();
  readonly #slots: Slots;
  #temporaries = 0;

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  /** A function that answers whether a condition holds. */
  test(condition: Expression): string {
    return this.#function(() => this.#boolean(condition));
  }

  /** The function that evaluates a shared expression and remembers it. */
  shared(expression: Expression, slot: number): string {
    return this.#function(() => `s.keep(${slot},${this.#unshared(expression)})`);
  }

  /** Names the constants: `c` is the array of them. */
  declarations(): string {
    const names = this.constants.map((_, index) => `k${index}=c[${index}]`);
    return names.length === 0 ? '' : `const ${names.join()};`;
  }

  #function(body: () => string): string {
    this.#temporaries = 0;
    const text = body();
    const names = Array.from({ length: this.#temporaries }, (_, index) => `t${index}`);
    return `(s)=>{const m=s.memo;${names.length === 0 ? '' : `let ${names.join()};`}return ${text};}`;
  }

  #expression(expression: Expression): string {
    const slot = this.#slots.get(expression);
    return slot === undefined ? this.#unshared(expression) : `(m[${slot}]??g[${slot}](s))`;
  }

  #boolean(expression: Expression): string {
    const text = this.#expression(expression);
    return expression.isBoolean ? text : `${this.#constant(asBoolean)}(${text})`;
  }

  #unshared(expression: Expression): string {
    switch (expression.op) {
      case 'constant':
        return this.#constant(expression.value);
      case 'variable':
        return `s.${expression.name}`;
      case 'attribute':
        return this.#attribute(expression.parts[0], this.#constant(expression.name));
      case 'has':
        return this.#has(expression.parts[0], this.#constant(expression.name));
      case 'equals':
        return this.#equals(expression.parts);
      case 'not':
        return `!${this.#boolean(expression.parts[0])}`;
      case 'and':
      case 'or':
        return `(${expression.parts.map((part) => this.#boolean(part)).join(expression.op === 'and' ? '&&' : '||')})`;
      case 'if': {
        const [condition, then, otherwise] = expression.parts;
        return `(${this.#boolean(condition)}?${this.#expression(then)}:${this.#expression(otherwise)})`;
      }
      case 'operation':
        return `${this.#constant(expression.run)}(${['s', ...expression.parts.map((part) => this.#expression(part))].join()})`;
      default:
        return expression satisfies never;
    }
  }

  /**
   * Read in place, so that each place has its own inline cache. What a plain object answers is its own where its
   * prototype has no such name; whatever looks different is left to the function that does it step by step.
   */
  #attribute(of: Expression, name: string): string {
    const [value, field] = [this.#temporary(), this.#temporary()];
    const read = `(${field}=${value}[${name}])!==undefined&&${this.#constant(Object.prototype)}[${name}]===undefined`;
    return `(${this.#isPlain(of, value)}&&${read}?${field}:${this.#constant(attribute)}(s,${value},${name}))`;
  }

  #has(of: Expression, name: string): string {
    const value = this.#temporary();
    const isPlain = `${this.#isPlain(of, value)}&&${this.#constant(Object.prototype)}[${name}]===undefined`;
    return `(${isPlain}?${value}[${name}]!==undefined:${this.#constant(hasAttribute)}(s,${value},${name}))`;
  }

  /** Arrays, sets and our own classes have other constructors; a record with a field of this name is none of the plain ones. */
  #isPlain(of: Expression, value: string): string {
    return `(${value}=${this.#expression(of)}).constructor===${this.#constant(Object)}`;
  }

  /** What equals a primitive is identical to it. */
  #equals(parts: readonly [Expression, Expression]): string {
    const [left, right] = parts.map((part) => this.#expression(part));
    return parts.some(isPrimitive) ? `(${left}===${right})` : `${this.#constant(valuesEqual)}(${left},${right})`;
  }

  #temporary(): string {
    return `t${this.#temporaries++}`;
  }

  #constant(value: unknown): string {
    if (typeof value === 'boolean') return String(value);
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `k${this.constants.length}`;
    this.constants.push(value);
    this.#names.set(value, name);
    return name;
  }
}

import { attribute, hasAttribute } from './entity-operators.ts';
import type { Code, Expression } from './expression.ts';
import { isModest } from './is-modest.ts';
import { asBoolean } from './operators.ts';
import { isPrimitive, type Slots } from './shared-slots.ts';
import type { Constants, Value } from './value.ts';
import { valuesEqual } from './values-equal.ts';

/** Which of the functions it is, and what it is to be called with. */
interface Written {
  readonly index: number;
  readonly constants: Constants;
}

/**
 * Writes the functions of one piece of generated code. All that policies bring along is kept out of the text: values are
 * the constants of a function, names of attributes and the functions that it calls are named from outside. The text has
 * only names that are made here: `s` is the state, `m` its memo, `c` the constants, `f…` are its own functions, `k…` what
 * is named from outside, `t…` what is in between.
 */
export class SourceText {
  /** What the text calls `k0`, `k1` and so on. */
  readonly #names = new Map<unknown, string>();
  /** The places of functions by their text. */
  readonly #functions = new Map<string, number>();
  /** The text that asks for each shared expression. */
  readonly #calls = new Map<Expression, string>();
  readonly #slots: Slots;
  #temporaries = 0;
  #constants: Value[] = [];

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  /** A condition, which may itself be shared. */
  condition(condition: Expression): Written {
    return this.#function(() => this.#boolean(condition));
  }

  /** What evaluates a shared expression when it is first asked for. */
  shared(expression: Expression): Written {
    return this.#function(() => this.#unshared(expression));
  }

  #function(body: () => string): Written {
    const outer = { temporaries: this.#temporaries, constants: this.#constants };
    this.#temporaries = 0;
    this.#constants = [];
    const text = body();
    const constants = this.#constants;
    const temporaries = Array.from({ length: this.#temporaries }, (_, index) => `t${index}`);
    this.#temporaries = outer.temporaries;
    this.#constants = outer.constants;
    const written = `(s,c)=>{let ${['m=s.memo', ...temporaries].join()};return ${text};}`;
    const index = this.#functions.get(written) ?? this.#functions.size;
    this.#functions.set(written, index);
    return { index, constants };
  }

  /** All that was written, as the body of a function of `n`, what has names. */
  text(): string {
    const names = [...this.#names.values()].map((name, index) => `${name}=n[${index}]`);
    const functions = [...this.#functions.keys()].map((text, index) => `f${index}=${text}`);
    const declared = [...names, ...functions].join();
    const all = functions.map((_, index) => `f${index}`).join();
    return `"use strict";${declared === '' ? '' : `const ${declared};`}return [${all}];`;
  }

  /** Turns all that was written into functions. Throws EvalError where the process may not generate code. */
  compile(): readonly Code['run'][] {
    return new Function('n', this.text())([...this.#names.keys()]);
  }

  #expression(expression: Expression): string {
    const slot = this.#slots.get(expression);
    if (slot === undefined) return this.#unshared(expression);
    const call = this.#calls.get(expression) ?? this.#call(expression, slot);
    this.#calls.set(expression, call);
    return call;
  }

  /** A function that needs no constants is called by its name, which engines can look through. */
  #call(expression: Expression, slot: number): string {
    const shared = isModest(expression, this.#slots) ? this.shared(expression) : undefined;
    const evaluated = shared?.constants.length === 0 ? `s.keep(${slot},f${shared.index}(s))` : `s.shared(${slot})`;
    return `(m[${slot}]??${evaluated})`;
  }

  #boolean(expression: Expression): string {
    const text = this.#expression(expression);
    return expression.isBoolean ? text : `${this.#name(asBoolean)}(${text})`;
  }

  #unshared(expression: Expression): string {
    switch (expression.op) {
      case 'constant':
        return this.#constant(expression.value);
      case 'variable':
        return `s.${expression.name}`;
      case 'attribute':
        return this.#attribute(expression.parts[0], this.#name(expression.name));
      case 'has':
        return this.#has(expression.parts[0], this.#name(expression.name));
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
        return `${this.#name(expression.run)}(${['s', ...expression.parts.map((part) => this.#expression(part))].join()})`;
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
    const read = `(${field}=${value}[${name}])!==undefined&&${this.#name(Object.prototype)}[${name}]===undefined`;
    return `(${this.#isPlain(of, value)}&&${read}?${field}:${this.#name(attribute)}(s,${value},${name}))`;
  }

  #has(of: Expression, name: string): string {
    const value = this.#temporary();
    const isPlain = `${this.#isPlain(of, value)}&&${this.#name(Object.prototype)}[${name}]===undefined`;
    return `(${isPlain}?${value}[${name}]!==undefined:${this.#name(hasAttribute)}(s,${value},${name}))`;
  }

  /** Arrays, sets and our own classes have other constructors; a record with a field of this name is none of the plain ones. */
  #isPlain(of: Expression, value: string): string {
    return `(${value}=${this.#expression(of)}).constructor===${this.#name(Object)}`;
  }

  /** What equals a primitive is identical to it. */
  #equals(parts: readonly [Expression, Expression]): string {
    const [left, right] = parts.map((part) => this.#expression(part));
    return parts.some(isPrimitive) ? `(${left}===${right})` : `${this.#name(valuesEqual)}(${left},${right})`;
  }

  #temporary(): string {
    return `t${this.#temporaries++}`;
  }

  #constant(value: Value): string {
    return typeof value === 'boolean' ? String(value) : `c[${this.#constants.push(value) - 1}]`;
  }

  #name(named: unknown): string {
    const name = this.#names.get(named) ?? `k${this.#names.size}`;
    this.#names.set(named, name);
    return name;
  }
}

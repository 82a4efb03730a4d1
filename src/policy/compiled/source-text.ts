import { attribute, hasAttribute } from './entity-operators.ts';
import type { Code, Expression } from './expression.ts';
import { isModest } from './is-modest.ts';
import { asBoolean } from './operators.ts';
import { isPrimitive, type Slots } from './shared-slots.ts';
import type { Value } from './value.ts';
import { valuesEqual } from './values-equal.ts';

/** What the function that is being written needs. */
interface Needs {
  temporaries: number;
  readonly constants: Value[];
  /** What is named from outside. */
  readonly named: Set<unknown>;
}

/**
 * Writes functions, and turns each into code. All that policies bring along is kept out of the text: values are the
 * constants of a function, names of attributes and the functions that it calls are named from outside. The text has only
 * names that are made here: `s` is the state, `m` its memo, `c` the constants, `n` what is named from outside, each of
 * which is a `k…`; `t…` is what is in between.
 */
export class SourceText {
  /** What all texts call `k0`, `k1` and so on: equal texts are the same function. */
  readonly #names = new Map<unknown, string>();
  readonly #functions = new Map<string, Code['run']>();
  readonly #shared = new Map<Expression, Code['run'] | undefined>();
  readonly #slots: Slots;
  #needs = noNeeds();

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  /** A condition, which may itself be shared. Throws EvalError where the process may not generate code, as `shared` does. */
  condition(condition: Expression): Code {
    return this.#function(() => this.#boolean(condition));
  }

  /** What evaluates a shared expression when it is first asked for. */
  shared(expression: Expression): Code {
    return this.#function(() => this.#unshared(expression));
  }

  /** Whatever was turned into code. */
  texts(): readonly string[] {
    return [...this.#functions.keys()];
  }

  #function(body: () => string): Code {
    const outer = this.#needs;
    const needs = noNeeds();
    this.#needs = needs;
    const result = body();
    this.#needs = outer;
    const local = ['m=s.memo', ...Array.from({ length: needs.temporaries }, (_, index) => `t${index}`)];
    const named = [...needs.named];
    const text = `"use strict";${this.#declared(named)}return (s,c)=>{let ${local.join()};return ${result};};`;
    const run: Code['run'] = this.#functions.get(text) ?? new Function('n', text)(named);
    this.#functions.set(text, run);
    return { run, constants: needs.constants };
  }

  #declared(named: readonly unknown[]): string {
    const names = named.map((one, index) => `${this.#names.get(one)}=n[${index}]`);
    return names.length === 0 ? '' : `const ${names.join()};`;
  }

  #expression(expression: Expression): string {
    const slot = this.#slots.get(expression);
    if (slot === undefined) return this.#unshared(expression);
    const evaluate = this.#functionOf(expression);
    return `(m[${slot}]??${evaluate === undefined ? `s.shared(${slot})` : `s.keep(${slot},${this.#name(evaluate)}(s))`})`;
  }

  /** A shared function that needs no constants is called by its name, which engines can look through. */
  #functionOf(expression: Expression): Code['run'] | undefined {
    if (this.#shared.has(expression)) return this.#shared.get(expression);
    const code = isModest(expression, this.#slots) ? this.shared(expression) : undefined;
    const evaluate = code?.constants.length === 0 ? code.run : undefined;
    this.#shared.set(expression, evaluate);
    return evaluate;
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
    return `t${this.#needs.temporaries++}`;
  }

  #constant(value: Value): string {
    return typeof value === 'boolean' ? String(value) : `c[${this.#needs.constants.push(value) - 1}]`;
  }

  #name(named: unknown): string {
    const name = this.#names.get(named) ?? `k${this.#names.size}`;
    this.#names.set(named, name);
    this.#needs.named.add(named);
    return name;
  }
}

function noNeeds(): Needs {
  return { temporaries: 0, constants: [], named: new Set() };
}

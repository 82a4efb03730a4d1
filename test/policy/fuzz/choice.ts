import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';

/** `if condition then yes else no`. */
export function choice(condition: Expr, yes: Expr, no: Expr): Expr {
  // biome-ignore lint/suspicious/noThenProperty: Cedar's format has it so, and nobody awaits an expression.
  return { 'if-then-else': { if: condition, then: yes, else: no } };
}

/** How a `forbid` is discharged, as `@unless("…")` says it. Paths begin with `input` or `result`. */
export type Obligation = Transformation | ApprovalObligation | FactObligation | DelayObligation;

export type Transformation =
  | { readonly kind: 'redact' | 'mask' | 'drop'; readonly path: string }
  | { readonly kind: 'limit' | 'cap'; readonly path: string; readonly max: number };

export interface ApprovalObligation {
  readonly kind: 'approval';
  /** Whose members may approve. */
  readonly group: string;
  readonly withinMs: number;
}

export interface FactObligation {
  readonly kind: 'fact';
  readonly name: string;
  readonly maxAgeMs?: number | undefined;
  readonly waitMs: number;
}

export interface DelayObligation {
  readonly kind: 'delay';
  readonly delayMs: number;
}

export function isTransformation(obligation: Obligation): obligation is Transformation {
  return ['redact', 'mask', 'drop', 'limit', 'cap'].includes(obligation.kind);
}

/** Whether the obligation speaks of the answer rather than of the input. */
export function isOnResult(obligation: Transformation): boolean {
  return obligation.path === 'result' || /^result[.[]/.test(obligation.path);
}

/** What stands where a value was redacted. */
export const REDACTED = '[redacted]';

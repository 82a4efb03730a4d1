import type { Obligation } from '../action/obligation.ts';

/** The inverse of `parseUnless`; what explanations show. */
export function formatUnless(obligations: readonly Obligation[]): string {
  return obligations.map(formatObligation).join(' and ');
}

function formatObligation(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'redact':
    case 'mask':
    case 'drop':
      return `${obligation.kind}(${obligation.path})`;
    case 'limit':
    case 'cap':
      return `${obligation.kind}(${obligation.path}, ${obligation.max})`;
    case 'approval':
      return `approval(${obligation.group}, within: ${duration(obligation.withinMs)})`;
    case 'fact': {
      const maxAge = obligation.maxAgeMs === undefined ? '' : `, maxAge: ${duration(obligation.maxAgeMs)}`;
      return `fact(${obligation.name}${maxAge}, wait: ${duration(obligation.waitMs)})`;
    }
    case 'delay':
      return `delay(${duration(obligation.delayMs)})`;
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that divides it. */
function duration(ms: number): string {
  const unit = ms > 0 ? UNITS.find(([, size]) => ms % size === 0) : undefined;
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}

import type { DeferredCode } from './deferred-code.ts';
import type { ActionScope, EntityScope } from './policy-scope.ts';

/** One policy, ready to be found by its scope and evaluated. */
export interface CompiledPolicy {
  readonly id: string;
  /** Its place among all policies in the order of ids. */
  readonly rank: number;
  readonly effect: 'permit' | 'forbid';
  readonly principal: EntityScope;
  readonly action: ActionScope;
  readonly resource: EntityScope;
  /** Its `when` and `unless` together; nothing where it has none. */
  readonly condition: DeferredCode | undefined;
}

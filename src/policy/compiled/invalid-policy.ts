import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';

/** What this compiler does not know it refuses: to guess would be to decide differently than Cedar. */
export function invalidPolicy(problem: string): InterlockError {
  return new InterlockError('POLICY_INVALID', problem);
}

/** Throws POLICY_INVALID. Evaluation nests as expressions do, and so does all that looks at them. */
export function boundedDepth(depth: number): void {
  if (depth > BOUNDS.policyDepth) throw invalidPolicy(`more than ${BOUNDS.policyDepth} expressions inside each other`);
}

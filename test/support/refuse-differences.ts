import type { Gateway } from '../../src/runtime/start-gateway.ts';

/** Fails the test whose decisions the reference evaluator would have made differently. */
export async function refuseDifferences({ judge, policySet }: Pick<Gateway, 'judge' | 'policySet'>): Promise<void> {
  await judge.idle();
  const { agreed, differed } = judge.counts;
  if (differed > 0)
    throw new Error(`${differed} of ${agreed + differed} evaluations by ${policySet().hash} were wrong`);
}

import type { Check } from '../check.ts';
import type { ConformanceCall } from '../fixtures.ts';
import { prepare, type Subject } from '../subject.ts';
import type { WireReply } from '../wire.ts';
import { wordsOf } from '../words-of.ts';

/** More requests than any one call may need. */
const REQUESTS_MAX = 100;

/** A system that answers the same page for ever is a loop. */
export const paginationCheck: Check = {
  name: 'pagination',
  rule: 'a call ends, and has a budget of requests, whatever the system says of further pages',
  needs: 'simulator',
  async run(subject) {
    const { paging = [], samples } = subject.fixtures;
    const reads = subject.operations.filter(({ kind }) => kind === 'read').map(({ name }) => name);
    const taken = new Set(subject.samples('pagination').map(({ operation }) => operation));
    const calls = [...paging, ...samples.filter(({ operation }) => reads.includes(operation) && taken.has(operation))];
    const problems: string[] = [];
    for (const call of calls) {
      const problem = await endless(subject, call).catch((thrown: unknown) => wordsOf(thrown));
      if (problem !== undefined) problems.push(`${call.operation}: ${problem}`);
    }
    const notes = paging.length === 0 ? ['no call of `paging` is known to have a next page'] : [];
    return { cases: calls.length, problems, notes };
  },
};

function endless(subject: Subject, call: ConformanceCall): Promise<string | undefined> {
  return subject.world(async (world) => {
    await prepare({ effects: [], ...call }, world);
    let first: WireReply | undefined;
    let repeated = 0;
    world.wire.interfere(({ isSignIn }) => {
      if (isSignIn) return undefined;
      if (first !== undefined && ++repeated > REQUESTS_MAX) return { when: 'instead', answer: 'reset' };
      return first === undefined
        ? { when: 'rewrite', rewrite: (reply) => (first = reply) }
        : { when: 'instead', answer: first };
    });
    await world.run(call);
    return repeated > REQUESTS_MAX ? `asks more than ${REQUESTS_MAX} times for pages that never end` : undefined;
  });
}

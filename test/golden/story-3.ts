import { setImmediate } from 'node:timers/promises';
import type { Interlock, Operator, Right } from '../../src/gate/interlock.ts';
import type { steppingClock } from './test-time.ts';

/** What the third golden log adds: calls that carry others, and facts that workers looked up. */
export const POLICIES_3 = `
@id("work") @title("Agents may work with pages.")
permit(principal, action in Action::"golden", resource);

@id("known") @title("Who writes must be known.") @unless("fact(goldenUserRisk, maxAge: 1h, wait: 10m)")
forbid(principal, action == Action::"golden.page.write", resource);

@id("risky") @title("Nobody at risk writes.")
forbid(principal, action == Action::"golden.page.write", resource)
when { context.facts has goldenUserRisk && context.facts.goldenUserRisk.value == "high" };

@id("secrets") @title("A page with secrets is read by nobody.") @unless("fact(goldenSecrets, wait: 10m)")
forbid(principal, action == Action::"golden.page.read", resource);

@id("no-secrets") @title("A page with secrets is read by nobody.")
forbid(principal, action == Action::"golden.page.read", resource)
when { context.facts has goldenSecrets && context.facts.goldenSecrets.value > 0 };

@id("sealed") @title("After reading personnel pages an agent asks before it writes.") @unless("approval(hr, within: 30m)")
forbid(principal in Label::"hr", action == Action::"golden.page.write", resource);

@id("two") @title("At most three pages are written in a workflow.")
forbid(principal, action == Action::"golden.page.write", resource) when { context.workflow.counts.update >= 3 };
`;

const operator = (id: string, rights: readonly Right[], groups: readonly string[] = []): Operator => ({
  kind: 'operator',
  id,
  tenant: 'acme',
  rights: new Set(rights),
  groups,
});
const OPENER = operator('opener-ci', ['open']);
const HANNA = operator('hanna', ['approve'], ['hr']);

interface Stage {
  readonly interlock: Interlock;
  readonly clock: ReturnType<typeof steppingClock>;
}

/** Batches that are allowed, denied for one part, in part refused by the system, and held; users known and risky. */
export async function tellThirdStory({ interlock, clock }: Stage): Promise<void> {
  const agentOf = async (user: string) => {
    const { id } = await interlock.open(OPENER, { onBehalfOf: { id: user }, limits: { update: 10 } });
    const { token } = await interlock.openSession(OPENER, id, { agent: 'helper' });
    const caller = await interlock.authenticate(token);
    const run = async (operation: string, input: Parameters<Interlock['run']>[1]['input'], action: string) => {
      clock.advance(1_000);
      let answer = await interlock.run(caller, { id: action, operation: `golden.${operation}`, input });
      // Facts come in their own time, which the clock does not measure.
      while (answer.decision === 'defer' || answer.state === 'executing') {
        await setImmediate();
        answer = await interlock.action(caller, action);
      }
      return answer;
    };
    return { caller, run };
  };
  const write = (id: string) => ({ operation: 'golden.page.write', input: { id, text: 'words' } });
  const read = (id: string) => ({ operation: 'golden.page.read', input: { id } });

  const ada = await agentOf('ada');
  await ada.run('page.write', { id: 'one', text: 'words' }, 'write-1');
  await ada.run('batch.execute', { calls: [write('two'), write('bad-page'), read('notes')] }, 'batch-1');
  await ada.run('batch.execute', { calls: [write('three'), write('four')] }, 'batch-too-many');
  await ada.run('batch.execute', { calls: [read('notes'), read('keys')] }, 'batch-secret');
  const held = await ada.run('batch.execute', { calls: [read('hr-1'), write('five')] }, 'batch-held');
  await interlock.answerApproval(HANNA, held.approval?.ids[0] ?? '', { answer: 'approve', reason: 'It is about me.' });
  await interlock.action(ada.caller, 'batch-held', 5_000);
  const eve = await agentOf('eve');
  await eve.run('page.write', { id: 'six', text: 'words' }, 'risky');
  await eve.run('batch.execute', { calls: [write('six')] }, 'risky-batch');
}

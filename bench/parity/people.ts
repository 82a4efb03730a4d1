import type { Interlock } from '../../src/gate/interlock.ts';
import { type Agent, APPROVER, callerAt, PERSON, told } from './agents.ts';
import type { Step } from './scenario.ts';

const WHY = 'a seeded step';

type Act = Exclude<Step, { readonly call: number }>;

export interface Scene {
  readonly interlock: Interlock;
  readonly agents: readonly Agent[];
  /** Resolves when nothing in the workflow goes on by itself. */
  readonly rest: (workflow: string) => Promise<void>;
}

/** Does what people do meanwhile, and answers what they are told. */
export async function act({ interlock, agents, rest }: Scene, step: Act): Promise<unknown> {
  const agent = 'agent' in step ? agents[step.agent] : undefined;
  const { workflow = '', session = '' } = agent ?? {};
  switch (step.kind) {
    case 'approve':
    case 'deny':
      return answerOldest({ interlock, agents, rest }, step.kind);
    case 'freeze':
    case 'thaw':
      return interlock.setFreeze(PERSON, { scope: step.scope, frozen: step.kind === 'freeze', reason: WHY });
    case 'freeze-workflow':
    case 'thaw-workflow':
      return interlock.freeze(PERSON, agents[step.workflow]?.workflow ?? '', step.kind === 'freeze-workflow', WHY);
    case 'message': {
      const to = agents[step.to]?.session ?? '';
      const from = agent === undefined ? PERSON : await callerAt(interlock, agent);
      return interlock.message(from, workflow, { to, kind: 'hand-off', text: WHY });
    }
    case 'endorse':
      return interlock.endorse(PERSON, workflow, { session, label: 'untrusted', reason: WHY });
    case 'revoke':
      return interlock.revokeSession(PERSON, workflow, session, WHY, 'keep');
    case 'quarantine':
      return interlock.quarantine(PERSON, workflow, { session, reason: WHY });
    case 'release':
      return interlock.release(PERSON, workflow, { session, reason: WHY });
    case 'erase':
      return interlock.erase(PERSON, workflow, { reason: WHY });
    default:
      return step satisfies never;
  }
}

/** All questions of the action that has waited longest, each when the action has taken in the answer before it. */
async function answerOldest({ interlock, agents, rest }: Scene, answer: 'approve' | 'deny'): Promise<unknown> {
  const of = new Set(agents.map((each) => each.workflow));
  const all = (await interlock.approvals(APPROVER)).filter(({ workflow }) => of.has(workflow));
  const asked = all.filter(({ workflow, action }) => workflow === all[0]?.workflow && action === all[0].action);
  const answered: unknown[] = [];
  for (const { id, workflow } of asked) {
    const given = () => interlock.answerApproval(APPROVER, id, { answer, reason: WHY });
    // The action goes on meanwhile: whether its approval is consumed already when the approver is told is chance.
    answered.push(await told(async () => ({ ...(await given()), state: answer })));
    await rest(workflow);
  }
  return { all, answered };
}

import { newDirectory, OPENER, operator, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("no-leak") @title("Who has read HR data sends nothing outside.")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };
@id("ask") @title("Copies need a yes from security.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 1 };`;

export const READ_HR = { operation: 'notes.note.read', input: { id: 'hr-1' } };
export const SEND = { operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
export const WRITE = { operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
export const HELD = { id: 'held-1', operation: 'notes.note.write', input: { id: 'n1', text: 'x', copies: 2 } };
export const ADMIN = operator('root', ['administer']);
export const APPROVER = operator('grace', ['approve'], ['security']);
export const YES = { answer: 'approve', reason: 'fine' } as const;

/** A gateway with a note that holds HR data, and one that does not. */
export async function world(directory = newDirectory()): Promise<TestGateway> {
  const gateway = await testGateway({ policies: POLICIES, directory });
  gateway.system.notes.set('hr-1', 'salary').set('n1', 'plain');
  return gateway;
}

/** One more agent in a workflow. */
export async function join({ interlock }: TestGateway, workflow: string, delegatedBy?: string) {
  const opened = await interlock.openSession(OPENER, workflow, {
    agent: 'second',
    ...(delegatedBy === undefined ? {} : { delegatedBy }),
  });
  return { ...opened, caller: await interlock.authenticate(opened.token) };
}

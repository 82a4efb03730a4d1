import type { Interlock, Operator, Right } from '../../src/gate/interlock.ts';
import type { steppingClock } from './test-time.ts';

/** What the second golden log adds: policies over provenance and signals, in files as people write them. */
export const POLICIES_2 = `
@id("work") @title("Agents may work with documents.")
permit(principal, action in Action::"golden", resource);

@id("injected") @title("After reading what others wrote, an agent asks before it sends to an address that the user did not name.")
@unless("approval(security, within: 30m)")
forbid(principal, action == Action::"golden.doc.send", resource)
when { principal in Label::"untrusted" && !context.provenance.destinations.contains(Interlock::Source::"mandate") };

@id("two-sends") @title("At most two documents are sent in an hour.")
forbid(principal, action == Action::"golden.doc.send", resource) when { context.signals.sent >= 2 };

@id("four-a-day") @title("A user's agents write at most four documents a day.")
forbid(principal, action == Action::"golden.doc.write", resource) when { context.signals.written >= 4 };
`;

export const SIGNALS_2 = `
sent:
  title: Documents sent in this workflow within the hour.
  kind: count
  events: { operation: golden.doc.send }
  within: 1h
written:
  title: Documents that this user's agents have written within a day, in all workflows.
  kind: count
  scope: user
  events: { operation: golden.doc.write }
  within: 24h
`;

const operator = (id: string, rights: readonly Right[], groups: readonly string[] = [], person?: string): Operator => ({
  kind: 'operator',
  id,
  tenant: 'acme',
  rights: new Set(rights),
  groups,
  ...(person === undefined ? {} : { person }),
});
const OPENER = operator('opener-ci', ['open'], [], 'olga');
const ROOT = operator('root', ['administer']);
const GRACE = operator('grace-phone', ['approve'], ['security'], 'grace');
const EXECUTOR = operator('gateway', ['act']);

interface Stage {
  readonly interlock: Interlock;
  readonly clock: ReturnType<typeof steppingClock>;
}

/** Two workflows of one user: an injection, a budget across both, permits, freezes and a quarantine. */
export async function tellSecondStory({ interlock, clock }: Stage): Promise<void> {
  const open = async (mandate: string) => {
    const { id } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, mandate });
    return id;
  };
  const join = async (workflow: string, agent: string) => {
    const { token, session } = await interlock.openSession(OPENER, workflow, { agent });
    const caller = await interlock.authenticate(token);
    const run = (operation: string, input: Record<string, string>, id: string) => {
      clock.advance(1_000);
      return interlock.run(caller, { id, operation: `golden.doc.${operation}`, input });
    };
    return { session, caller, run };
  };

  const one = await open('Send the report in mail-1 to ada@golden.example and tell bo@golden.example about it.');
  const reader = await join(one, 'reader');
  const helper = await join(one, 'helper');
  await reader.run('read', { id: 'mail-1' }, 'read-1');
  await reader.run('send', { id: 'mail-1', to: 'ada@golden.example' }, 'send-named');
  const held = await reader.run('send', { id: 'mail-1', to: 'eve@evil.example' }, 'send-unnamed');
  await interlock.answerApproval(GRACE, held.approval?.ids[0] ?? '', {
    answer: 'approve',
    reason: 'She is a partner.',
  });
  await interlock.action(reader.caller, 'send-unnamed', 5_000);
  await reader.run('send', { id: 'mail-1', to: 'bo@golden.example' }, 'send-third');
  await interlock.message(reader.caller, one, { to: helper.session, kind: 'message', text: 'Write it to doc-2.' });
  await helper.run('write', { id: 'doc-2', text: 'what mail-1 says' }, 'write-1');

  const two = await open('Write the notes of today.');
  const writer = await join(two, 'writer');
  for (const at of [2, 3, 4, 5]) await writer.run('write', { id: `note-${at}`, text: 'notes' }, `write-${at}`);
  const permit = (id: string) =>
    interlock.decide(writer.caller, { id, operation: 'golden.doc.read', input: { id: 'doc-1' } });
  await permit('permit-1');
  await interlock.settle(writer.caller, 'permit-1', { status: 'failed' });
  await permit('permit-2');
  await interlock.settle(EXECUTOR, 'permit-2', { status: 'failed' }, two);

  for (const scope of [
    { kind: 'system', id: 'golden' },
    { kind: 'agent', id: 'writer' },
    { kind: 'tenant' },
  ] as const) {
    await interlock.setFreeze(ROOT, { scope, frozen: true, reason: 'An incident.' });
    await writer.run('read', { id: 'doc-1' }, `frozen-${scope.kind}`);
    await interlock.setFreeze(ROOT, { scope, frozen: false, reason: 'It is over.' });
  }
  await interlock.quarantine(ROOT, one, { action: 'read-1', reason: 'The mail was forged.' });
  await helper.run('read', { id: 'doc-1' }, 'quarantined');
  await interlock.release(ROOT, one, { session: helper.session, reason: 'It was looked at.' });
  await helper.run('read', { id: 'doc-1' }, 'released');
}

import type { Answer } from '../../src/gate/answers.ts';
import type { Caller, Interlock, Operator, Right } from '../../src/gate/interlock.ts';
import type { GoldenSystem } from './golden-connector.ts';
import type { steppingClock } from './test-time.ts';

const operator = (id: string, rights: readonly Right[], groups: readonly string[] = [], tenant = 'acme'): Operator => ({
  kind: 'operator',
  id,
  tenant,
  rights: new Set(rights),
  groups,
});
const OPENER = operator('opener', ['open']);
const ROOT = operator('root', ['administer']);
const GRACE = operator('grace', ['approve'], ['security']);
const FRED = operator('fred', ['approve'], ['finance']);
const ELSEWHERE = operator('opener', ['open'], [], 'globex');

const MINUTE_MS = 60_000;

export interface Stage {
  readonly interlock: Interlock;
  readonly clock: ReturnType<typeof steppingClock>;
  readonly system: GoldenSystem;
  /** Puts the second policy set in force. */
  readonly changePolicies: () => Promise<unknown>;
}

/** Everything that a log of this format can hold, told in four workflows: each part leaves decisions of its own kind. */
export async function tellStory(stage: Stage): Promise<void> {
  const cast = await openFirstWorkflow(stage);
  await readAndLeak(stage, cast);
  await changeAndRefuse(stage, cast);
  await askHumans(stage, cast);
  await waitForTime(stage, cast);
  await loseAnswers(stage, cast);
  await executeOutside(stage, cast);
  await shareAndEndorse(stage, cast);
  await runOutOfBudget(stage, cast);
  await stopAgents(stage, cast);
  await stage.changePolicies();
  await continueElsewhere(stage, cast);
}

interface Cast {
  readonly workflow: string;
  readonly planner: Player;
  readonly reader: Player;
  readonly sender: Player;
  readonly intern: Player;
}

interface Player {
  readonly session: string;
  readonly caller: Caller;
}

async function join(stage: Stage, workflow: string, agent: string, delegatedBy?: string): Promise<Player> {
  const { interlock } = stage;
  const delegation = delegatedBy === undefined ? {} : { delegatedBy };
  const { token, session } = await interlock.openSession(OPENER, workflow, { agent, ...delegation });
  return { session, caller: await interlock.authenticate(token) };
}

async function openFirstWorkflow(stage: Stage): Promise<Cast> {
  const { id: workflow } = await stage.interlock.open(OPENER, {
    onBehalfOf: { id: 'ada', groups: ['hr-staff'] },
    mandate: 'Onboard Bob; his papers are in doc-1.',
    limits: { actions: 60, create: 13 },
  });
  const planner = await join(stage, workflow, 'planner');
  const reader = await join(stage, workflow, 'reader', planner.session);
  const sender = await join(stage, workflow, 'sender');
  const intern = await join(stage, workflow, 'intern', sender.session);
  return { workflow, planner, reader, sender, intern };
}

/** One action a second later than the one before. */
function run(
  { interlock, clock }: Stage,
  { caller }: Player,
  id: string,
  verb: string,
  input: object,
): Promise<Answer> {
  clock.advance(1_000);
  return interlock.run(caller, { id, operation: `golden.doc.${verb}`, input: { ...input } });
}

const copy = (id: string, copies = 1) => ({ id, text: 'words', copies });

async function readAndLeak(stage: Stage, { workflow, planner, reader, sender }: Cast): Promise<void> {
  const { interlock } = stage;
  await run(stage, planner, 'read-plain', 'read', { id: 'doc-1' });
  await run(stage, reader, 'read-mail', 'read', { id: 'mail-1' });
  await run(stage, sender, 'send-before', 'send', { id: 'doc-1', to: 'x@example.com' });
  await run(stage, reader, 'read-hr', 'read', { id: 'hr-1' });
  await run(stage, reader, 'leak-own', 'send', { id: 'hr-1', to: 'x@example.com' });
  await interlock.message(reader.caller, workflow, { to: planner.session, kind: 'message', text: 'Read it: see doc.' });
  await run(stage, planner, 'leak-told', 'send', { id: 'hr-1', to: 'x@example.com' });
  await interlock.message(planner.caller, workflow, { to: reader.session, kind: 'delegation' });
  await interlock.message(sender.caller, workflow, { to: planner.session, kind: 'hand-off', text: 'Yours now.' });
  await run(stage, planner, 'read-gone', 'read', { id: 'gone' });
  await run(stage, planner, 'read-gone-shown', 'read', { id: 'gone-shown' });
}

async function changeAndRefuse(stage: Stage, { planner }: Cast): Promise<void> {
  await run(stage, planner, 'cap', 'write', copy('doc-2', 9));
  await run(stage, planner, 'drop', 'write', { ...copy('secret-1'), note: 'for nobody' });
  await run(stage, planner, 'impossible', 'write', copy('empty-1'));
  await run(stage, planner, 'overflow', 'write', copy('overflow-1'));
  await run(stage, planner, 'write', 'write', copy('doc-3'));
  await run(stage, planner, 'write', 'write', copy('doc-3'));
}

async function askHumans(stage: Stage, { planner, sender }: Cast): Promise<void> {
  const { interlock, clock } = stage;
  const ask = (id: string) => run(stage, sender, id, 'send', { id: 'doc-1', to: 'bob@partner.example' });
  const answer = async (by: Operator, id: string | undefined, given: 'approve' | 'deny') => {
    clock.advance(1_000);
    await interlock.answerApproval(by, id ?? '', { answer: given, reason: `${by.id} says ${given}` });
  };
  const [security, finance] = (await ask('both-say-yes')).approval?.ids ?? [];
  await answer(GRACE, security, 'approve');
  await answer(FRED, finance, 'approve');
  await interlock.action(sender.caller, 'both-say-yes', MINUTE_MS);
  const refused = (await ask('one-says-no')).approval?.ids ?? [];
  await answer(GRACE, refused[0], 'deny');
  await interlock.action(sender.caller, 'one-says-no', MINUTE_MS);
  await ask('nobody-answers');
  const late = interlock.action(sender.caller, 'nobody-answers', MINUTE_MS);
  await run(stage, planner, 'meanwhile', 'read', { id: 'doc-1' });
  clock.advance(11 * MINUTE_MS);
  await late;
}

async function waitForTime(stage: Stage, { sender }: Cast): Promise<void> {
  const { interlock, clock } = stage;
  await run(stage, sender, 'recall', 'send', { id: 'doc-1', to: 'x@slow.example' });
  clock.advance(MINUTE_MS);
  await interlock.action(sender.caller, 'recall', MINUTE_MS);
  await run(stage, sender, 'no-fact', 'send', { id: 'doc-1', to: 'x@unknown.example' });
  clock.advance(600);
  await interlock.action(sender.caller, 'no-fact', MINUTE_MS);
}

async function loseAnswers(stage: Stage, { planner, sender }: Cast): Promise<void> {
  const { interlock, clock, system } = stage;
  system.faults.push('lost after', 'lost before', 'refused', 'accepted', 'lost after');
  for (const id of ['lost-after', 'lost-before', 'refused', 'accepted']) {
    await run(stage, planner, id, 'write', copy('doc-4'));
    clock.advance(200);
    await interlock.action(planner.caller, id, MINUTE_MS);
  }
  await run(stage, sender, 'never-known', 'send', { id: 'doc-1', to: 'x@example.com' });
  clock.advance(200);
  await interlock.action(sender.caller, 'never-known', MINUTE_MS);
}

async function executeOutside(stage: Stage, { planner }: Cast): Promise<void> {
  const { interlock, clock } = stage;
  const permit = (id: string) =>
    interlock.decide(planner.caller, { id, operation: 'golden.doc.write', input: copy('doc-5') });
  await permit('settled');
  await interlock.settle(planner.caller, 'settled', { status: 'succeeded', result: { done: true } });
  await permit('settled-failed');
  await interlock.settle(planner.caller, 'settled-failed', { status: 'failed', detail: 'it was closed' });
  await permit('expired');
  const expired = expiry(stage, planner, 'expired');
  clock.advance(2 * MINUTE_MS);
  await expired;
}

/** Resolves once the permit has expired; the caller moves the clock. */
async function expiry({ interlock }: Stage, { caller }: Player, id: string): Promise<void> {
  for (;;) {
    const { state } = await interlock.action(caller, id);
    if (state === 'completed') return;
    await new Promise(setImmediate);
  }
}

/** What one has read reaches another by way of a record, until a human says that it is no danger. */
async function shareAndEndorse(stage: Stage, { workflow, reader }: Cast): Promise<void> {
  const auditor = await join(stage, workflow, 'auditor');
  const leak = (id: string) => run(stage, auditor, id, 'send', { id: 'shared', to: 'x@example.com' });
  await run(stage, reader, 'write-shared', 'write', copy('shared'));
  await run(stage, auditor, 'read-shared', 'read', { id: 'shared' });
  await leak('leak-record');
  await stage.interlock.endorse(ROOT, workflow, {
    session: auditor.session,
    label: 'hr',
    reason: 'It was read and is fine.',
  });
  await leak('after-endorsement');
}

async function runOutOfBudget(stage: Stage, { planner }: Cast): Promise<void> {
  await run(stage, planner, 'too-many', 'write', copy('doc-6', 3));
  await run(stage, planner, 'far-too-many', 'write', copy('doc-6', 3));
}

async function stopAgents(stage: Stage, { workflow, planner, sender, intern }: Cast): Promise<void> {
  const { interlock } = stage;
  await run(stage, intern, 'orphan', 'send', { id: 'doc-1', to: 'bob@partner.example' });
  await interlock.revokeSession(ROOT, workflow, sender.session, 'It sends too much.');
  await run(stage, intern, 'revoked', 'read', { id: 'doc-1' });
  await interlock.freeze(ROOT, workflow, true, 'Let us look.');
  await run(stage, planner, 'frozen', 'read', { id: 'doc-1' });
  await interlock.freeze(ROOT, workflow, false, 'It is fine.');
  await run(stage, planner, 'thawed', 'read', { id: 'doc-1' });
}

/** A workflow that goes on with the first one’s labels, one that only reads, and one of another tenant. */
async function continueElsewhere(stage: Stage, { workflow }: Cast): Promise<void> {
  const { interlock } = stage;
  const { id: next } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, continues: workflow });
  const heir = await join(stage, next, 'heir');
  await run(stage, heir, 'inherited', 'send', { id: 'doc-1', to: 'x@example.com' });
  await run(stage, heir, 'closed', 'read', { id: 'archive-1' });
  await run(stage, heir, 'waits-for-ever', 'write', copy('doc-7'));
  const { id: fresh } = await interlock.open(OPENER, { onBehalfOf: { id: 'eve' } });
  const clean = await join(stage, fresh, 'clean');
  await run(stage, clean, 'still-held', 'send', { id: 'doc-1', to: 'bob@partner.example' });
  const { id: foreign } = await interlock.open(ELSEWHERE, { onBehalfOf: { id: 'ada' } });
  const { token, session } = await interlock.openSession(ELSEWHERE, foreign, { agent: 'other' });
  const other = { session, caller: await interlock.authenticate(token) };
  await interlock.message(other.caller, foreign, { to: session, kind: 'message', text: 'To be erased.' });
  await run(stage, other, 'read-plain', 'read', { id: 'doc-1' });
}

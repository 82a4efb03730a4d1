import type { Call, Principal } from '../../../src/action/action.ts';
import type { DecisionKind } from '../../../src/action/decision.ts';
import type {
  AgentCaller,
  Answer,
  ApprovalSummary,
  Caller,
  Interlock,
  LiveEvent,
  OperationSummary,
  Operator,
  Right,
  WorkflowDetail,
} from '../../../src/gate/interlock.ts';
import { digestOf } from '../../../src/lib/digest.ts';
import { InterlockError } from '../../../src/lib/errors.ts';

/** What each operation of the small system here is decided as. */
const DECISIONS: ReadonlyMap<string, DecisionKind> = new Map([
  ['desk.ticket.read', 'allow'],
  ['desk.ticket.update', 'allow'],
  ['desk.mail.send', 'deny'],
  ['desk.user.delete', 'step_up'],
]);

const operator = (id: string, tenant: string, rights: Right[], groups: string[] = []): Operator => ({
  kind: 'operator',
  id,
  tenant,
  rights: new Set(rights),
  groups,
});

/** API keys of two tenants. */
export const KEYS = {
  opener: 'key-opener',
  approver: 'key-approver',
  admin: 'key-admin',
  nobody: 'key-nobody',
  otherAdmin: 'key-other-admin',
} as const;

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  [KEYS.opener, operator('opener', 'acme', ['open'])],
  [KEYS.approver, operator('anna', 'acme', ['approve'], ['managers'])],
  [KEYS.admin, operator('root', 'acme', ['open', 'approve', 'administer'], ['managers'])],
  [KEYS.nobody, operator('scraper', 'acme', [])],
  [KEYS.otherAdmin, operator('mallory', 'evil', ['open', 'act', 'approve', 'administer'], ['managers'])],
]);

interface Recorded {
  answer: Answer;
  readonly call: string;
  readonly principal: Principal;
  readonly done: PromiseWithResolvers<void>;
}

/** The interface of the gate with fixed decisions and everything in memory; `changes` counts whatever had an effect. */
export class MemoryInterlock implements Interlock {
  changes = 0;
  readonly #sessions = new Map<string, Principal>();
  readonly #workflows = new Map<string, WorkflowDetail>();
  readonly #actions = new Map<string, Recorded>();
  readonly #approvals = new Map<string, ApprovalSummary & { readonly tenant: string }>();
  readonly #listeners = new Map<(event: LiveEvent) => void, string>();
  #ids = 0;

  /** Puts any text on the live stream. */
  tell(workflow: string, text: string): void {
    this.#emit(workflow, { type: 'message.sent', text });
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async authenticate(bearer: string): Promise<Caller> {
    const principal = this.#sessions.get(bearer);
    const caller: Caller | undefined = principal ? { kind: 'agent', principal } : OPERATORS.get(bearer);
    if (caller === undefined) throw new InterlockError('UNAUTHENTICATED');
    return caller;
  }

  async open(caller: Caller, { onBehalfOf, mandate, limits = {} }: Parameters<Interlock['open']>[1]) {
    const { tenant } = this.#need(caller, 'open');
    const id = `wf_${++this.#ids}`;
    const head = digestOf(id);
    const counts = {
      read: 0,
      create: 0,
      update: 0,
      delete: 0,
      privilege: 0,
      communicate: 0,
      spend: 0,
      execute: 0,
      isolate: 0,
    };
    this.#workflows.set(id, {
      id,
      tenant,
      version: 1,
      head,
      lastEventAt: 1,
      open: 0,
      held: 0,
      openedAt: 1,
      onBehalfOf,
      mandate,
      limits,
      frozen: false,
      counts,
      denied: 0,
      systems: [],
      labels: [],
      sessions: [],
      messages: [],
      resources: [],
      actions: [],
    });
    this.#emit(id, { type: 'workflow.opened', text: `opened for ${onBehalfOf.id}` });
    return { id, version: 1 };
  }

  async openSession(caller: Caller, workflow: string, { agent, delegatedBy }: Parameters<Interlock['openSession']>[2]) {
    this.#need(caller, 'open');
    const detail = this.#workflow(caller, workflow);
    const session = `ses_${++this.#ids}`;
    const token = `token-${session}`;
    this.#sessions.set(token, { tenant: detail.tenant, workflow, session, agent, onBehalfOf: detail.onBehalfOf.id });
    const opened = { id: session, agent, delegatedBy, revoked: false, labels: [], actions: 0, denied: 0 };
    this.#update(detail, { sessions: [...detail.sessions, opened] });
    this.#emit(workflow, { type: 'session.opened', agent, text: `${agent} joined` });
    return { session, workflow, agent, token };
  }

  async revokeSession(caller: Caller, workflow: string, session: string) {
    this.#need(caller, 'administer');
    const detail = this.#workflow(caller, workflow);
    if (!detail.sessions.some(({ id }) => id === session)) throw new InterlockError('NOT_FOUND');
    this.#sessions.delete(`token-${session}`);
    this.#update(detail, { sessions: detail.sessions.map((s) => (s.id === session ? { ...s, revoked: true } : s)) });
    this.#emit(workflow, { type: 'session.revoked', text: `${session} was revoked` });
  }

  async message(caller: Caller, workflow: string, { to, kind }: Parameters<Interlock['message']>[2]) {
    const { session } = this.#agent(caller, workflow);
    const detail = this.#workflow(caller, workflow);
    if (!detail.sessions.some(({ id }) => id === to)) throw new InterlockError('NOT_FOUND');
    this.#update(detail, { messages: [...detail.messages, { from: session, to, kind, at: 1 }] });
    this.#emit(workflow, { type: 'message.sent', text: `${session} told ${to}` });
    return { version: detail.version + 1 };
  }

  async freeze(caller: Caller, workflow: string, frozen: boolean) {
    this.#need(caller, 'administer');
    const detail = this.#workflow(caller, workflow);
    this.#update(detail, { frozen });
    this.#emit(workflow, { type: frozen ? 'workflow.frozen' : 'workflow.thawed', text: 'frozen or thawed' });
    return { version: detail.version + 1 };
  }

  async run(caller: Caller, call: Call): Promise<Answer> {
    return this.#decide(caller, call, 'completed');
  }

  async decide(caller: Caller, call: Call): Promise<Answer> {
    return this.#decide(caller, call, 'permitted');
  }

  async settle(
    caller: Caller,
    action: string,
    { status, result }: Parameters<Interlock['settle']>[2],
  ): Promise<Answer> {
    const recorded = this.#action(caller, action);
    if (recorded.answer.state !== 'permitted') throw new InterlockError('PERMIT_USED');
    recorded.answer = { ...recorded.answer, state: 'completed', outcome: { status, result } };
    this.#emit(recorded.principal.workflow, { type: 'action.completed', action, outcome: status, text: status });
    return recorded.answer;
  }

  async action(caller: Caller, action: string, waitMs = 0): Promise<Answer> {
    const recorded = this.#action(caller, action);
    if (waitMs > 0 && recorded.answer.state === 'held') await recorded.done.promise;
    return recorded.answer;
  }

  async explain(caller: Caller, action: string) {
    const { answer, principal } = this.#action(caller, action);
    const decided = {
      action,
      mode: 'run' as const,
      session: principal.session,
      agent: principal.agent,
      onBehalfOf: principal.onBehalfOf,
      operation: 'desk.ticket.read',
      activity: 'tool' as const,
      callDigest: digestOf(action),
      requested: {},
      decision: answer.decision,
      reasons: answer.reasons,
      policySet: 'set',
      seen: 1,
      resultObligations: [],
      resources: [{ type: 'Desk::Ticket' as const, id: '1' }],
      labels: [],
      approvals: [],
      consumes: [],
    };
    return {
      answer,
      action: { id: action, state: answer.state, decided, firstDecidedAt: 1, decidedAt: 1, approvals: [] },
      policies: [{ id: 'rule', effect: 'permit' as const, title: 'A rule.', unless: '', place: 'base.cedar:1' }],
      seen: { version: 1, labels: [] },
    };
  }

  async approvals(
    caller: Caller,
    { all = false }: Parameters<Interlock['approvals']>[1] = {},
  ): Promise<ApprovalSummary[]> {
    const { tenant } = this.#need(caller, 'approve', 'administer');
    const own = [...this.#approvals.values()].filter((approval) => approval.tenant === tenant);
    return own.filter(({ state }) => all || state === 'pending').map(({ tenant: _, ...summary }) => summary);
  }

  async answerApproval(caller: Caller, id: string, { answer, reason }: Parameters<Interlock['answerApproval']>[2]) {
    const by = this.#need(caller, 'approve');
    const approval = this.#approvals.get(id);
    if (approval?.tenant !== by.tenant) throw new InterlockError('NOT_FOUND');
    if (approval.state !== 'pending') throw new InterlockError('APPROVAL_ANSWERED');
    if (!by.groups.includes(approval.group)) throw new InterlockError('APPROVER_INELIGIBLE');
    const approved = answer === 'approve';
    const answered = {
      ...approval,
      state: approved ? ('consumed' as const) : ('denied' as const),
      answer: { answer, by: by.id, reason },
    };
    this.#approvals.set(id, answered);
    this.#emit(approval.workflow, { type: 'approval.answered', approval: id, text: `${by.id}: ${answer}` });
    const recorded = this.#actions.get(approval.action);
    if (recorded !== undefined) {
      recorded.answer = approved
        ? { ...recorded.answer, decision: 'allow', state: 'completed', outcome: { status: 'succeeded', result: {} } }
        : { ...recorded.answer, decision: 'deny', state: 'denied', code: 'APPROVAL_DENIED' };
      recorded.done.resolve();
    }
    const { tenant: _, ...summary } = answered;
    return summary;
  }

  async workflows(caller: Caller) {
    const { tenant } = this.#need(caller, 'administer', 'open');
    return [...this.#workflows.values()]
      .filter((workflow) => workflow.tenant === tenant)
      .map(({ id, version, head, lastEventAt, open, held }) => ({
        id,
        tenant,
        version,
        head,
        lastEventAt,
        open,
        held,
      }));
  }

  async workflow(caller: Caller, workflow: string): Promise<WorkflowDetail> {
    return this.#workflow(caller, workflow);
  }

  operations(): readonly OperationSummary[] {
    return [...DECISIONS.keys()].map((operation) => ({
      operation,
      tool: operation.replaceAll('.', '_'),
      system: 'desk',
      description: operation,
      activity: 'tool',
      kind: operation.endsWith('read') ? 'read' : 'write',
      effectKinds: ['read'],
      repeat: 'read-only',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    }));
  }

  watch(caller: Caller, listener: (event: LiveEvent) => void): () => void {
    this.#listeners.set(listener, this.#need(caller, 'administer').tenant);
    return () => this.#listeners.delete(listener);
  }

  async ready(): Promise<void> {
    await Promise.resolve();
  }

  metrics() {
    const samples = [
      { labels: { decision: 'a"b\\c\nd' }, value: 1 },
      { labels: {}, value: 2.5 },
    ];
    return [{ name: 'interlock_decisions_total', help: 'Decisions,\nby kind.', type: 'counter' as const, samples }];
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #decide(
    caller: Caller,
    { id = `act_${++this.#ids}`, operation, input }: Call,
    end: 'completed' | 'permitted',
  ): Answer {
    const principal = this.#agent(caller);
    const call = JSON.stringify([end, operation, input]);
    const known = this.#actions.get(id);
    if (known?.principal === principal) {
      if (known.call !== call) throw new InterlockError('ACTION_ID_REUSED');
      return known.answer;
    }
    const decision = DECISIONS.get(operation);
    if (decision === undefined) throw new InterlockError('UNKNOWN_OPERATION', 'no connector has this operation');
    const answer: Answer = {
      id,
      decision,
      reasons: [{ policy: 'rule', title: `${operation} is decided by a fixed rule.` }],
      obligations: [],
      state: decision === 'deny' ? 'denied' : decision === 'step_up' ? 'held' : end,
      workflow: { id: principal.workflow, version: 2 },
      policySet: 'set',
      durability: 'memory',
      ...(decision === 'deny' ? { code: 'DENIED_BY_POLICY' as const, hint: 'ask' } : {}),
      ...(decision === 'allow' && end === 'completed'
        ? { outcome: { status: 'succeeded' as const, result: { ok: true } } }
        : {}),
    };
    const approval = decision === 'step_up' ? this.#ask(principal, answer, operation, input) : undefined;
    const recorded = approval === undefined ? answer : { ...answer, approval };
    this.#actions.set(id, { answer: recorded, call, principal, done: Promise.withResolvers() });
    const [reason] = answer.reasons;
    this.#emit(principal.workflow, {
      type: 'action.decided',
      agent: principal.agent,
      operation,
      action: id,
      decision,
      approval: approval?.ids[0],
      text: `${decision} ${operation}: ${reason?.title}`,
    });
    return recorded;
  }

  #ask(principal: Principal, { id: action, reasons }: Answer, operation: string, input: Call['input']) {
    const id = `apr_${++this.#ids}`;
    const expiresAt = Date.now() + 1_800_000;
    this.#approvals.set(id, {
      tenant: principal.tenant,
      id,
      workflow: principal.workflow,
      action,
      state: 'pending',
      group: 'managers',
      requestedAt: Date.now(),
      expiresAt,
      agent: principal.agent,
      onBehalfOf: principal.onBehalfOf,
      operation,
      input,
      effect: { kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 },
      resources: [{ type: 'Desk::User', id: 'u1' }],
      reasons,
      digest: digestOf(input),
    });
    return { ids: [id], groups: ['managers'], expiresAt };
  }

  #emit(workflow: string, event: Omit<LiveEvent, 'tenant' | 'workflow' | 'seq' | 'at' | 'reasons'>): void {
    this.changes++;
    const detail = this.#workflows.get(workflow);
    if (detail === undefined) throw new InterlockError('NOT_FOUND');
    const { action: id = '', agent = '', operation = '', decision } = event;
    const acted =
      decision === undefined ? [] : [{ id, agent, operation, decision, state: 'completed' as const, at: 1 }];
    this.#update(detail, { version: this.changes, actions: [...detail.actions, ...acted] });
    const { tenant } = detail;
    const live: LiveEvent = { tenant, workflow, seq: this.changes, at: Date.now(), reasons: [], ...event };
    for (const [listener, listening] of this.#listeners) if (listening === tenant) listener(live);
  }

  #update(detail: WorkflowDetail, change: Partial<WorkflowDetail>): void {
    const before = this.#workflows.get(detail.id) ?? detail;
    this.#workflows.set(detail.id, { ...before, ...change });
  }

  #need(caller: Caller, ...rights: Right[]): Operator {
    if (caller.kind === 'operator' && rights.some((right) => caller.rights.has(right))) return caller;
    throw new InterlockError('FORBIDDEN', `this needs the right ${rights.join(' or ')}`);
  }

  #agent(caller: Caller, workflow?: string): Principal {
    if (caller.kind !== 'agent') throw new InterlockError('FORBIDDEN', 'only an agent session acts');
    const { principal }: AgentCaller = caller;
    if (workflow !== undefined && workflow !== principal.workflow) throw new InterlockError('NOT_FOUND');
    return principal;
  }

  #workflow(caller: Caller, id: string): WorkflowDetail {
    const detail = this.#workflows.get(id);
    const tenant = caller.kind === 'agent' ? caller.principal.tenant : caller.tenant;
    const visible = caller.kind === 'operator' || caller.principal.workflow === id;
    if (detail?.tenant !== tenant || !visible) throw new InterlockError('NOT_FOUND');
    return detail;
  }

  #action(caller: Caller, id: string): Recorded {
    const recorded = this.#actions.get(id);
    const own =
      caller.kind === 'agent' ? recorded?.principal === caller.principal : recorded?.principal.tenant === caller.tenant;
    if (recorded === undefined || !own) throw new InterlockError('NOT_FOUND');
    return recorded;
  }
}

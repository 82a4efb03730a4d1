import type { Call, Principal } from '../action/action.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { Metric } from '../lib/metrics/metric.ts';
import type {
  Answer,
  ApprovalSummary,
  Explanation,
  FreezeList,
  LiveEvent,
  OperationSummary,
  Quarantined,
  UndoReport,
  WorkflowDetail,
  WorkflowGraph,
  WorkflowSummary,
} from './answers.ts';
import type { Erased, EraseRequest } from './erasure.ts';
import type {
  FreezeRequest,
  MessageRequest,
  OpenedSession,
  OpenRequest,
  QuarantineRequest,
  ReleaseRequest,
  SessionRequest,
} from './requests.ts';

/** Rights of an operator's credential. */
export const RIGHTS = ['open', 'act', 'approve', 'administer'] as const;

export type Right = (typeof RIGHTS)[number];

/** A verified API key or JWT: people and services that run agents, answer approvals or administer. */
export interface Operator {
  readonly kind: 'operator';
  /** Id of the key, or the JWT's subject. */
  readonly id: string;
  /** Who holds the key, where the configuration says so: two keys of one person are no four eyes. */
  readonly person?: string | undefined;
  readonly tenant: string;
  readonly rights: ReadonlySet<Right>;
  readonly groups: readonly string[];
}

/** A verified session token: one agent in one workflow. */
export interface AgentCaller {
  readonly kind: 'agent';
  readonly principal: Principal;
}

export type Caller = Operator | AgentCaller;

/** What surfaces call. Every method checks the caller's rights; ids of other tenants and workflows are NOT_FOUND. */
export interface Interlock {
  /** Throws UNAUTHENTICATED. */
  authenticate(bearer: string): Promise<Caller>;
  /** Right `open`. */
  open(caller: Caller, request: OpenRequest): Promise<{ readonly id: string; readonly version: number }>;
  /** Right `open`. */
  openSession(caller: Caller, workflow: string, request: SessionRequest): Promise<OpenedSession>;
  /** Right `administer`, or the operator that opened it. What descends from it is quarantined, unless it is to be kept. */
  revokeSession(
    caller: Caller,
    workflow: string,
    session: string,
    reason: string,
    descendants?: 'quarantine' | 'keep',
  ): Promise<void>;
  /** An agent of the workflow. */
  message(caller: Caller, workflow: string, request: MessageRequest): Promise<{ readonly version: number }>;
  /** Right `administer`. */
  freeze(caller: Caller, workflow: string, frozen: boolean, reason: string): Promise<{ readonly version: number }>;
  /**
   * An agent: decides, executes, answers. Held actions answer at once with `step_up` or `defer`. `deliver` takes the
   * answer piece by piece where the operation streams and no obligation is due on its result: the decision, with all
   * labels that it exposes to, is durable before the first. It is never called where the action is held first.
   */
  run(caller: Caller, call: Call, deliver?: (piece: JsonObject) => void): Promise<Answer>;
  /** An agent that executes itself; an allowed decision is a single-use permit. */
  decide(caller: Caller, call: Call): Promise<Answer>;
  /**
   * Reports what came of a permit. The agent that has it; its word that nothing happened gives no budget back. Or, with
   * right `act` and the workflow named, whoever executes for agents, as a gateway: its word counts.
   */
  settle(
    caller: Caller,
    action: string,
    outcome: {
      readonly status: 'succeeded' | 'failed' | 'unknown';
      readonly result?: Json | undefined;
      readonly detail?: string | undefined;
    },
    workflow?: string,
  ): Promise<Answer>;
  /** Waits at most `waitMs` for a held or executing action to end. */
  action(caller: Caller, action: string, waitMs?: number): Promise<Answer>;
  /** An agent's own actions, or right `administer` with the workflow named. */
  explain(caller: Caller, action: string, workflow?: string): Promise<Explanation>;
  /** Right `approve`: those of the caller's tenant; `administer` too. */
  approvals(caller: Caller, filter?: { readonly all?: boolean | undefined }): Promise<readonly ApprovalSummary[]>;
  /** Right `approve`, a member of the group, not the requester. */
  answerApproval(
    caller: Caller,
    approval: string,
    answer: { readonly answer: 'approve' | 'deny'; readonly reason: string },
  ): Promise<ApprovalSummary>;
  /** Right `administer`, `open` or `approve`. */
  workflows(caller: Caller): Promise<readonly WorkflowSummary[]>;
  /** Right `administer`, `open` or `approve`, or an agent of it. */
  workflow(caller: Caller, workflow: string): Promise<WorkflowDetail>;
  /** As {@link workflow}. */
  graph(caller: Caller, workflow: string): Promise<WorkflowGraph>;
  /** Right `administer`: takes a label away from a session; recorded, with the reason. */
  endorse(
    caller: Caller,
    workflow: string,
    endorsement: { readonly session: string; readonly label: string; readonly reason: string },
  ): Promise<{ readonly version: number }>;
  /**
   * Right `administer`: takes away what the payloads of a workflow say, and closes it; recorded, and the log still verifies.
   * Throws WORKFLOW_OPEN while an action of it is held or has no known outcome.
   */
  erase(caller: Caller, workflow: string, request: EraseRequest): Promise<Erased>;
  /** Right `administer`: an agent, a system or the whole tenant; denied in every workflow from the next decision on. */
  setFreeze(caller: Caller, request: FreezeRequest): Promise<FreezeList>;
  /** Right `administer`. */
  freezes(caller: Caller): Promise<FreezeList>;
  /** Right `administer`: denies from now on what had something of a session or of an action. */
  quarantine(caller: Caller, workflow: string, request: QuarantineRequest): Promise<Quarantined>;
  /** Right `administer`: lets a quarantined session or record be used again. */
  release(caller: Caller, workflow: string, request: ReleaseRequest): Promise<{ readonly version: number }>;
  /** Right `administer`: takes back the workflow's reversible effects, the latest first, each decided like any action. */
  undo(caller: Caller, workflow: string): Promise<UndoReport>;
  operations(caller: Caller): readonly OperationSummary[];
  /** Right `administer`: everything that is appended in the caller's tenant from now on; the function ends it. */
  watch(caller: Caller, listener: (event: LiveEvent) => void): () => void;
  /** For /readyz: throws what is wrong. */
  ready(): Promise<void>;
  /** For /metrics. */
  metrics(): readonly Metric[];
  close(): Promise<void>;
}

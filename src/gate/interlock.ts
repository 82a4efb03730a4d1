import type { Call, Principal } from '../action/action.ts';
import type { DecisionKind, Reason } from '../action/decision.ts';
import type { Effect } from '../action/effect.ts';
import type { EventPayloads, FreezeScope, Limits, User } from '../action/event.ts';
import type { Transformation } from '../action/obligation.ts';
import type { Outcome } from '../action/outcome.ts';
import type { ResourceRef } from '../action/resource.ts';
import type { ActionState, ActionView, ApprovalState, Counts } from '../action/view.ts';
import type { Digest } from '../lib/digest.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { ReadValue } from '../policy/read-values.ts';

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

export interface OpenRequest {
  readonly onBehalfOf: User;
  readonly mandate?: string | undefined;
  readonly limits?: Limits | undefined;
  /** The workflow that this one goes on from; its labels come along. Same tenant. */
  readonly continues?: string | undefined;
}

export interface SessionRequest {
  readonly agent: string;
  /** The session that delegates to this one; its labels come along, and it may not approve for it. */
  readonly delegatedBy?: string | undefined;
}

export interface OpenedSession {
  readonly session: string;
  readonly workflow: string;
  readonly agent: string;
  /** The bearer token; shown once, kept only as a digest. */
  readonly token: string;
}

export interface MessageRequest {
  /** Session id of the receiver, in the same workflow. */
  readonly to: string;
  readonly kind: 'message' | 'hand-off' | 'delegation';
  readonly text?: string | undefined;
}

/** DESIGN §13. What the agent is told, and no policy text. */
export interface Answer {
  readonly id: string;
  readonly decision: DecisionKind;
  readonly state: ActionState;
  /** For a deny, and for whatever ended it since: the stable code. */
  readonly code?: ErrorCode | undefined;
  readonly hint?: string | undefined;
  readonly reasons: readonly Reason[];
  /** To be applied to the result by whoever executes; already applied where Interlock executed. */
  readonly obligations: readonly Transformation[];
  /** The final input, where it differs from what was sent or where the caller executes itself. */
  readonly input?: JsonObject | undefined;
  readonly outcome?: Outcome | undefined;
  /** What is waited for. */
  readonly approval?:
    | { readonly ids: readonly string[]; readonly groups: readonly string[]; readonly expiresAt: number }
    | undefined;
  readonly waitingFor?: readonly string[] | undefined;
  readonly workflow: { readonly id: string; readonly version: number };
  readonly policySet: string;
  readonly digest?: Digest | undefined;
  readonly durability: 'synced' | 'relaxed' | 'memory';
}

/** What an approver sees: rendered from what the digest covers, never from an agent's text. */
export interface ApprovalSummary {
  readonly id: string;
  readonly workflow: string;
  readonly action: string;
  readonly state: ApprovalState | 'expired';
  readonly group: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly agent: string;
  readonly onBehalfOf: string;
  readonly mandate?: string | undefined;
  readonly operation: string;
  /** The final input that will be executed. */
  readonly input: JsonObject;
  readonly effect: Effect;
  readonly resources: readonly ResourceRef[];
  readonly reasons: readonly Reason[];
  readonly digest: Digest;
  readonly answer?: { readonly answer: 'approve' | 'deny'; readonly by: string; readonly reason: string } | undefined;
}

export interface WorkflowSummary {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly head: Digest;
  readonly lastEventAt: number;
  readonly open: number;
  readonly held: number;
}

export interface WorkflowDetail extends WorkflowSummary {
  readonly openedAt: number;
  readonly onBehalfOf: User;
  readonly mandate?: string | undefined;
  readonly limits: Limits;
  readonly frozen: boolean;
  /** Sessions, and keys of records, that descend from something that was revoked. */
  readonly quarantine: { readonly sessions: readonly string[]; readonly resources: readonly string[] };
  readonly counts: Counts;
  readonly denied: number;
  readonly systems: readonly string[];
  readonly labels: readonly string[];
  readonly sessions: readonly {
    readonly id: string;
    readonly agent: string;
    readonly delegatedBy?: string | undefined;
    readonly revoked: boolean;
    readonly labels: readonly string[];
    readonly actions: number;
    readonly denied: number;
  }[];
  readonly messages: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: string;
    readonly at: number;
  }[];
  readonly resources: readonly {
    readonly type: string;
    readonly id: string;
    readonly read: number;
    readonly written: number;
    readonly denied: number;
  }[];
  readonly actions: readonly {
    readonly id: string;
    readonly agent: string;
    readonly operation: string;
    readonly decision: DecisionKind;
    readonly state: ActionState;
    readonly outcome?: Outcome['status'] | undefined;
    readonly at: number;
  }[];
}

/** One operation as clients see it. Hints are derived from the effect, never written by hand. */
export interface OperationSummary {
  readonly operation: string;
  readonly tool: string;
  readonly system: string;
  readonly description: string;
  readonly activity: string;
  readonly kind: 'read' | 'write';
  readonly effectKinds: readonly string[];
  readonly repeat: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject | undefined;
  /** MCP tool annotations. */
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

/** Why an action was decided as it was: the decision event with the policies it names. */
export interface Explanation {
  readonly answer: Answer;
  readonly action: ActionView;
  readonly policies: readonly {
    readonly id: string;
    readonly effect: 'permit' | 'forbid';
    readonly title: string;
    readonly unless: string;
    readonly place: string;
  }[];
  readonly seen: {
    readonly version: number;
    readonly labels: readonly string[];
    readonly paths: readonly ExposurePath[];
    /** What the named policies looked at. */
    readonly values: readonly ReadValue[];
  };
  /** For a deny: what would not have been denied, by the policies in force now. */
  readonly alternatives: readonly Alternative[];
}

/** What would not have been denied, had one thing been otherwise. */
export interface Alternative {
  /** In plain words, e.g. `an agent that has not read hr`. */
  readonly change: string;
  readonly decision: Exclude<DecisionKind, 'deny'>;
  readonly reasons: readonly Reason[];
}

/** How an agent came to a label, first step first, in plain words. */
export interface ExposurePath {
  readonly label: string;
  readonly steps: readonly string[];
}

/** What became of taking back one effect. */
export interface UndoStep {
  readonly action: string;
  readonly operation: string;
  /** The operation that takes it back. */
  readonly by?: string | undefined;
  readonly status: 'undone' | 'refused' | 'held' | 'unknown' | 'impossible';
  readonly detail: string;
}

/** The latest effect first. */
export interface UndoReport {
  readonly workflow: string;
  readonly steps: readonly UndoStep[];
}

export interface GraphNode {
  readonly id: string;
  readonly kind: 'agent' | 'user' | 'system' | 'resource' | 'approval';
  readonly name: string;
  /** What an agent is exposed to. */
  readonly labels: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'read' | 'wrote' | 'denied' | 'delegated' | 'told' | 'used' | 'of' | 'asked' | 'approved' | 'refused';
  readonly count: number;
}

/** What a workflow has done, as a graph. */
export interface WorkflowGraph {
  readonly workflow: string;
  readonly version: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** False where the view forgot detail at a bound. */
  readonly complete: boolean;
}

export interface FreezeRequest {
  readonly scope: FreezeScope;
  readonly frozen: boolean;
  readonly reason: string;
}

/** What is frozen in the tenant, beside single workflows. */
export interface FreezeList {
  readonly tenant: boolean;
  readonly agents: readonly string[];
  readonly systems: readonly string[];
}

/** Exactly one of session and action. */
export interface QuarantineRequest {
  readonly session?: string | undefined;
  readonly action?: string | undefined;
  readonly reason: string;
}

/** What was put in quarantine now. */
export interface Quarantined {
  readonly version: number;
  readonly sessions: readonly string[];
  /** Keys: JSON of type and id. */
  readonly resources: readonly string[];
}

/** Exactly one of session and resource. */
export interface ReleaseRequest {
  readonly session?: string | undefined;
  readonly resource?: { readonly type: string; readonly id: string } | undefined;
  readonly reason: string;
}

/** One line of the live stream, in plain words and as data. */
export interface LiveEvent {
  readonly tenant: string;
  readonly workflow: string;
  readonly seq: number;
  readonly at: number;
  readonly type: keyof EventPayloads;
  readonly agent?: string | undefined;
  readonly operation?: string | undefined;
  readonly action?: string | undefined;
  readonly decision?: DecisionKind | undefined;
  readonly outcome?: Outcome['status'] | undefined;
  /** e.g. `deny servicenow.incident.update: An agent that has read HR data may not write to an external system.` */
  readonly text: string;
  readonly reasons: readonly Reason[];
  readonly approval?: string | undefined;
}

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
  /** An agent: decides, executes, answers. Held actions answer at once with `step_up` or `defer`. */
  run(caller: Caller, call: Call): Promise<Answer>;
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
  /** Counters for /metrics, names with the prefix `interlock_`. */
  metrics(): readonly {
    readonly name: string;
    readonly help: string;
    readonly type: 'counter' | 'gauge';
    readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
  }[];
  close(): Promise<void>;
}

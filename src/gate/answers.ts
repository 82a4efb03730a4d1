import type { DecisionKind, Reason } from '../action/decision.ts';
import type { Effect } from '../action/effect.ts';
import type { EventPayloads, Limits, User } from '../action/event.ts';
import type { Transformation } from '../action/obligation.ts';
import type { Outcome } from '../action/outcome.ts';
import type { ResourceRef } from '../action/resource.ts';
import type { ActionState, ActionView, ApprovalState, Counts, Erasure } from '../action/view.ts';
import type { Digest } from '../lib/digest.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { ReadValue } from '../policy/read-values.ts';

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
  /** Of a call that carries others: where each of them stands. */
  readonly parts?:
    | readonly {
        readonly id: string;
        readonly operation: string;
        readonly decision: DecisionKind;
        readonly outcome?: Outcome | undefined;
      }[]
    | undefined;
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
  /** Frozen, or erased. */
  readonly frozen: boolean;
  /** Nothing else is known of it then. */
  readonly erased?: Erasure | undefined;
  /** Sessions, and keys of records, that descend from something that was revoked. */
  readonly quarantine: { readonly sessions: readonly string[]; readonly resources: readonly string[] };
  readonly counts: Counts;
  /** Of language models: taken, and reserved by what has not ended. */
  readonly tokens: number;
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
  readonly kind: 'agent' | 'user' | 'credential' | 'system' | 'resource' | 'approval';
  readonly name: string;
  /** What an agent is exposed to. */
  readonly labels: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind:
    | 'read'
    | 'wrote'
    | 'denied'
    | 'delegated'
    | 'told'
    | 'used'
    | 'of'
    | 'let-in'
    | 'asked'
    | 'approved'
    | 'refused';
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

/** What is frozen in the tenant, beside single workflows. */
export interface FreezeList {
  readonly tenant: boolean;
  readonly agents: readonly string[];
  readonly systems: readonly string[];
}

/** What was put in quarantine now. */
export interface Quarantined {
  readonly version: number;
  readonly sessions: readonly string[];
  /** Keys: JSON of type and id. */
  readonly resources: readonly string[];
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

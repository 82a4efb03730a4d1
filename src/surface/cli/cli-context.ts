import type { Answer, OperationSummary } from '../../gate/answers.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { ApiClient } from './api-client.ts';
import type { ConnectorWork } from './connector-work.ts';
import type { ExitCode } from './exit-code.ts';

/** What would be decided. */
export type Checked = Pick<Answer, 'decision' | 'code' | 'reasons' | 'obligations' | 'input' | 'hint'>;

/** One line of `doctor`: what was looked at, whether it is well, and what to do if not. */
export interface Diagnosis {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string | undefined;
}

/** What `policy lint` finds; docs/lint.md has the rules. */
export interface PolicyProblem {
  /** `file:line`, or `file:line:column`. */
  readonly place: string;
  readonly policy?: string | undefined;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly problem: string;
  readonly remedy: string;
}

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** One thing that `log verify` found, and where. */
export interface LogFinding {
  readonly tenant?: string | undefined;
  readonly workflow?: string | undefined;
  readonly seq?: number | undefined;
  readonly kind: string;
  readonly detail: string;
}

export interface LogVerdict {
  readonly streams: number;
  readonly events: number;
  readonly unrecorded: number;
  readonly checkpoints: number;
  /** All of them; `findings` holds the first 1,000. */
  readonly findingCount: number;
  readonly findings: readonly LogFinding[];
}

/** Which log a command reads; where nothing is named, that of the configuration. */
export interface StoredLog {
  readonly config?: string | undefined;
  /** A ledger: its address or a reference to it; true: the one of the configuration. */
  readonly ledger?: string | true | undefined;
  /** Another folder of checkpoints than the configured one. */
  readonly checkpoints?: string | undefined;
}

/** What a proof shows of one event, or why it shows nothing. */
export type LogProof =
  | { readonly problem: string; readonly shown?: undefined }
  | {
      readonly problem?: undefined;
      readonly shown: {
        readonly tenant: string;
        readonly workflow: string;
        readonly seq: number;
        readonly type: string;
        /** Milliseconds since 1970. */
        readonly at: number;
        readonly signedAt: number;
        readonly checkpoint: number;
        readonly keyId: string;
        readonly payload: string | undefined;
      };
    };

/** Look-ups of facts that were given up; the first 1,000 of them, the newest first. */
export interface DeadFacts {
  readonly total: number;
  readonly letters: readonly {
    readonly id: string;
    readonly system: string;
    readonly tenant: string;
    readonly workflow: string;
    readonly fact: string;
    readonly subject: { readonly type: string; readonly id: string };
    /** Error code and detail. */
    readonly reason: string;
    readonly attempts: number;
    /** Milliseconds since 1970. */
    readonly at: number;
  }[];
}

/** Ids of look-ups that were given up, or all that are shown. */
export type ChosenFacts = readonly string[] | 'all';

/** A server that a command started; the command goes on until it is told to stop. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

export interface Served extends Running {
  /** What its operator should know, in one sentence. */
  readonly warning?: string | undefined;
}

export interface RunningDev extends Running {
  readonly keys: { readonly runner: string; readonly approver: string };
  readonly simulated: readonly { readonly system: string; readonly title: string; readonly origin: string }[];
  readonly missingCompanions: readonly string[];
  /** Resolves when every companion has ended. */
  readonly companionsEnded: Promise<void>;
}

/** What commands can have done on this machine; the runtime implements it, so that no surface touches a store. */
export interface LocalWork extends ConnectorWork {
  dev(options: { readonly config?: string | undefined; readonly port?: number | undefined }): Promise<RunningDev>;
  serve(options: { readonly config?: string | undefined }): Promise<Served>;
  worker(options: { readonly config?: string | undefined }): Promise<Running>;
  doctor(config: string | undefined): Promise<readonly Diagnosis[]>;
  /** Decides an action on a workflow that the file describes; executes and records nothing. */
  check(options: { readonly config?: string | undefined; readonly action: Json }): Promise<Checked>;
  lint(options: {
    readonly config?: string | undefined;
    readonly policies: readonly string[];
  }): Promise<readonly PolicyProblem[]>;
  testPolicies(options: {
    readonly config?: string | undefined;
    readonly cases: readonly string[];
  }): Promise<readonly CaseResult[]>;
  verifyLog(options: StoredLog & { readonly publicKey?: string | undefined }): Promise<LogVerdict>;
  /** Judges the lines of an export, without the log that it came from. */
  verifyExport(options: {
    readonly lines: AsyncIterable<string>;
    readonly checkpoints?: string | undefined;
    readonly publicKey?: string | undefined;
  }): Promise<LogVerdict>;
  exportLog(
    options: StoredLog & { readonly tenant?: string | undefined; readonly workflow?: string | undefined },
  ): AsyncIterable<string>;
  /** A proof of one event, or of the last one under a checkpoint, for somebody who has only the public key. */
  proveEvent(
    options: StoredLog & {
      readonly tenant: string;
      readonly workflow: string;
      readonly event?: number | undefined;
      readonly publicKey?: string | undefined;
    },
  ): Promise<string>;
  verifyProof(options: { readonly text: string; readonly publicKey: string }): Promise<LogProof>;
  /** As the API lists them. */
  pastWorkflows(options: StoredLog & { readonly tenant: string }): Promise<JsonObject>;
  /** What the API of a gateway would answer to a GET if its log were the ledger. */
  askPast(
    options: StoredLog & { readonly tenant: string; readonly path: string; readonly isOfPolicies: boolean },
  ): Promise<JsonObject>;
  /** Moves what the embedded log has now into the configured ledger. */
  drainOnce(config: string | undefined): Promise<{ readonly events: number; readonly refusals: number }>;
  /** The same from now on, until it is closed. */
  drainAlong(config: string | undefined): Promise<{ close(): Promise<void> }>;
  operations(config: string | undefined): Promise<readonly OperationSummary[]>;
  /** Throws CONFIG_INVALID where the configuration names no Redis. So do the next two; they answer how many. */
  deadFacts(config: string | undefined): Promise<DeadFacts>;
  replayFacts(options: { readonly config?: string | undefined; readonly chosen: ChosenFacts }): Promise<number>;
  discardFacts(options: { readonly config?: string | undefined; readonly chosen: ChosenFacts }): Promise<number>;
  /** Starts the simulated system of a connector alone. */
  simulate(options: {
    readonly connector: string;
    readonly port: number;
    readonly auditFile?: string | undefined;
    readonly control: boolean;
  }): Promise<Running & { readonly settings: JsonObject }>;
  /** Serves MCP over standard input and output: embedded with the configuration, until its input ends or it is stopped. */
  mcpStdio(options: {
    readonly config?: string | undefined;
    readonly user: string;
    readonly tenant: string;
    readonly stopped: Promise<void>;
  }): Promise<void>;
  /** Proposes a manifest for the tools of a configured MCP server; YAML. */
  proposeManifest(options: { readonly config?: string | undefined; readonly system: string }): Promise<string>;
  /** Proposes a manifest for what a file describes, or for a configured MCP server; YAML. */
  importManifest(options: {
    readonly config?: string | undefined;
    readonly kind: 'openapi' | 'mcp' | 'manifest';
    readonly source: string;
  }): Promise<string>;
  /** Accepts a tool's present definition in its manifest; answers the new pin. */
  acceptDefinition(options: {
    readonly config?: string | undefined;
    readonly system: string;
    readonly tool: string;
  }): Promise<string>;
  newKey(options: {
    readonly id: string;
    readonly tenant: string;
    readonly rights: readonly string[];
    readonly groups: readonly string[];
  }): Promise<{ readonly key: string; readonly entry: JsonObject }>;
}

/** What a command may use. */
export interface CliContext {
  /** Data: standard output. Resolves when its reader keeps up; who writes much waits for it. */
  out(text: string): Promise<void>;
  /** Messages for people: standard error. */
  err(text: string): void;
  readInput(file: string): Promise<string>;
  /** The same line by line. */
  readLines(file: string): AsyncIterable<string>;
  /** The code that the command ends with; the first one other than 0 stays. */
  exit(code: ExitCode): void;
  readonly colour: boolean;
  readonly isJson: () => boolean;
  /** The gateway that INTERLOCK_URL and INTERLOCK_KEY name. Throws CONFIG_INVALID where they are missing. */
  readonly api: () => ApiClient;
  readonly local: LocalWork;
  /**
   * Resolves when the process is told to end (Ctrl-C, SIGTERM). Whoever asks ends in order then; asked for by nobody, a
   * signal ends the process at once, and a second one always does.
   */
  readonly stopped: () => Promise<void>;
}

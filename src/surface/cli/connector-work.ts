import type { JsonObject } from '../../lib/json.ts';

/** What came of one rule that every connector is held to. */
export interface CheckedRule {
  readonly check: string;
  readonly rule: string;
  readonly status: 'passed' | 'failed' | 'bypassed';
  /** How many things it looked at. */
  readonly cases: number;
  /** Why it failed, or why it was bypassed. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

export interface TestedConnector {
  readonly system: string;
  readonly operations: number;
  readonly passed: number;
  readonly failed: number;
  readonly bypassed: number;
  readonly checks: readonly CheckedRule[];
}

/** What integrators have done on this machine. Connectors are named as in a configuration: a name, a path or a package. */
export interface ConnectorWork {
  /** Runs the whole suite of a connector; what it calls is its simulated system only. Throws CONNECTOR_INVALID. */
  testConnector(connector: string): Promise<TestedConnector>;
  /** What a connector says of itself. Throws CONNECTOR_INVALID. */
  describeConnector(connector: string): Promise<JsonObject>;
  /** Writes a small connector that passes its suite; answers the files. Throws INVALID_INPUT where something is there already. */
  newConnector(options: {
    readonly name: string;
    readonly directory?: string | undefined;
  }): Promise<{ readonly directory: string; readonly files: readonly string[] }>;
}

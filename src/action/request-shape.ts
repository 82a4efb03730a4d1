import type { JsonObject } from '../lib/json.ts';

/**
 * How an operation looks on the wire, for enforcement points that see requests of agents go by and have each decided
 * as an action.
 */
export interface RequestShape {
  /** The operation that such a request is. */
  readonly operation: string;
  readonly method: string;
  /** Segments of its path; a variable one is `{name}`. */
  readonly segments: readonly string[];
  /**
   * The operation's input, read from a request whose path has matched. Throws INVALID_INPUT for what could be read in
   * two ways or belongs to no argument, and BODY_NOT_SEEN where the body counts and was not shown.
   */
  readonly inputOf: (request: SeenRequest) => JsonObject;
}

/** What an enforcement point shows of a request; each text decoded once. */
export interface SeenRequest {
  /** The variable segments by name. */
  readonly path: Readonly<Record<string, string>>;
  /** In the order in which they came. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** `unseen`: there may be one, and nobody has shown it. */
  readonly body: 'none' | 'unseen' | { readonly text: string };
}

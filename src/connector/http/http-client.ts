import type { Json } from '../../lib/json.ts';

/** One call in a connector's own words; the client adds origin, credentials and deadlines. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the origin, made with {@link path}: each variable part is encoded as one segment. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON; `form` as application/x-www-form-urlencoded; `text` as it is, under the call's own `content-type`. */
  readonly body?: Json | undefined;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly text?: string | undefined;
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text where it is not JSON; undefined where there is none. */
  readonly body: unknown;
}

/** The shared runtime's client: bound to one system, its origin and its credential. Implemented in `create-http-client.ts`. */
export interface HttpClient {
  /** Sends one call. Answers a reply that is a success, or how it failed; never throws for what a server does. */
  send(call: HttpCall, options: SendOptions): Promise<HttpResult>;
}

export interface SendOptions {
  /** Whether the runtime may send it again after it may have been applied: read-only or idempotent. */
  readonly repeatable: boolean;
  /**
   * It cannot have an effect, so only its last try counts. Without this, a call of which one try may have been applied
   * stays `ambiguous`, whatever its later tries said.
   */
  readonly reads?: boolean | undefined;
  readonly signal: AbortSignal;
  /** Takes whole lines of a success's body as they come, free of credentials; the reply has all of them in the end. */
  readonly onLines?: ((lines: string) => void) | undefined;
}

export type HttpResult =
  | { readonly ok: true; readonly reply: HttpReply }
  | {
      readonly ok: false;
      readonly class: 'refused' | 'credential' | 'rate-limited' | 'unavailable' | 'ambiguous' | 'origin' | 'too-large';
      readonly detail: string;
      readonly retryAfterMs?: number | undefined;
      /** For `ambiguous`: nobody answered in time. */
      readonly timedOut?: boolean | undefined;
      /** Set where the system answered at all. */
      readonly reply?: HttpReply | undefined;
    };

/** One call of the REST API, or one part of a composite. */
export interface RestCall {
  readonly method: string;
  /** Below `/services/data/vXX.X`, decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly version: string;
}

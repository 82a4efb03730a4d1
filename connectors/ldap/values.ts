/** An attribute and what it holds. */
export interface Values {
  readonly attribute: string;
  readonly values: readonly string[];
}

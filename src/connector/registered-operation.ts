import type { AnyOperation, ExecutionContext } from './contract.ts';

/** An operation of one connected system, under the name that the configuration gave that system. */
export interface RegisteredOperation {
  readonly name: string;
  readonly system: string;
  readonly definition: AnyOperation;
  /** Every label that its system can attach. */
  readonly systemLabels: ReadonlySet<string>;
  context(actionId: string, signal: AbortSignal): ExecutionContext;
}

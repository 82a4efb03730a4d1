import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyDescription } from '../action/policy-port.ts';
import type { PolicyStatement } from './split-policies.ts';

/** One `.cedar` file; the name is what places show, e.g. `baseline/privilege.cedar`. */
export interface PolicyFile {
  readonly name: string;
  readonly text: string;
}

/** A policy without problems. */
export interface CheckedPolicy {
  readonly statement: PolicyStatement;
  readonly json: PolicyJson;
  readonly description: PolicyDescription;
}

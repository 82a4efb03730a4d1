/** Interlock as a library. Connector authors import `interlock/connector`. */
export type { Call, Principal } from './action/action.ts';
export type { DecisionKind, Reason } from './action/decision.ts';
export type { Effect, EffectKind } from './action/effect.ts';
export type { Limits, User } from './action/event.ts';
export type { Transformation } from './action/obligation.ts';
export type { Outcome, OutcomeStatus } from './action/outcome.ts';
export type { ResourceRef } from './action/resource.ts';
export type { ConnectorInstance } from './connector/registry.ts';
export type {
  Answer,
  ApprovalSummary,
  Explanation,
  LiveEvent,
  OperationSummary,
  WorkflowDetail,
  WorkflowSummary,
} from './gate/answers.ts';
export type { AgentCaller, Caller, Interlock, Operator } from './gate/interlock.ts';
export { ERRORS, type ErrorCode, InterlockError } from './lib/errors.ts';
export { type CreateInterlockOptions, createInterlock } from './runtime/create-interlock.ts';

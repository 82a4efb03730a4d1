import { OPERATIONS } from './reference-connector.ts';

/** Policies for each operation: those that match an action by their scope. */
export const MATCHING_POLICIES = 5;

/** The policies that permit the reference action; the other three that match it read it, and do not hold. */
export const PERMITTING = ['incident-desk', 'incident-small'] as const;

/** 100 policies, five for each of 20 operations. They read the input, the effect and what the workflow has done. */
export const REFERENCE_POLICIES: string = OPERATIONS.map(policiesFor).join('\n');

export const POLICY_COUNT = OPERATIONS.length * MATCHING_POLICIES;

function policiesFor(operation: string): string {
  const noun = operation.split('.')[1];
  const scope = `principal, action == Action::"${operation}", resource`;
  return `
@id("${noun}-desk") @title("The service desk keeps its own tickets.")
permit (${scope}) when { context.input.assignment.group == "service-desk" && !context.input.assignment.escalated };
@id("${noun}-small") @title("One ticket at a time may be changed within the house.")
permit (${scope}) when { context.effect.count <= 1 && !context.effect.external && !context.effect.privileged };
@id("${noun}-wide") @title("What touches very many people is changed by people.")
forbid (${scope}) when { context.input.affected.environment == "production" && context.input.affected.users > 10000 };
@id("${noun}-untrusted") @title("Whoever has read untrusted text leaves major tickets alone.")
forbid (${scope}) when { principal in Label::"untrusted" && context.input.majorIncident && context.input.caller.email like "*@outside.example" };
@id("${noun}-flood") @title("A workflow updates at most 5,000 tickets.")
forbid (${scope}) when { context.workflow.counts.update >= 5000 || (context.agent.denied > 100 && context.input.reopened > 3) };`;
}

import type { More } from '../gate/reference-gateway.ts';

const POLICIES = `
@id("view-labels") @title("Who has read untrusted text, in a workflow that has, leaves what touches very many alone.")
forbid (principal in Label::"untrusted", action, resource)
when { context.workflow.labels.contains(Label::"untrusted") && context.agent.labels.contains(Label::"untrusted") && context.agent.actions > 1000000 };
@id("view-provenance") @title("What nobody has said is no reason to change a major ticket.")
forbid (principal, action, resource)
when {
  context.provenance.exposed &&
  context.provenance.all.containsAny([Interlock::Source::"unknown", Interlock::Source::"agent"]) &&
  context.workflow.did.contains(Action::"tickets.budget.update")
};
@id("view-signals") @title("Nobody does this a million times an hour, on one ticket or on all.")
forbid (principal, action, resource)
when { context.signals.recent > 1000000 || context.signals.onThis > 1000000 };`;

const SIGNALS = `
recent:
  title: Actions of this workflow within the hour.
  kind: count
  events: { operation: tickets }
  within: 1h
onThis:
  title: Actions of this workflow on the same resource.
  kind: count
  events: { operation: tickets }
  where: same resource
`;

/** Besides the reference ones: what the view knows of a long past, as labels, signals, and where values come from. */
export const VIEW: More = { policies: POLICIES, signals: SIGNALS };

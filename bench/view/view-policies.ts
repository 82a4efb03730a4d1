/** Policies besides the reference ones, which read what the view knows of a long past: labels, and where values come from. */
export const VIEW_POLICIES = `
@id("view-labels") @title("Who has read untrusted text, in a workflow that has, leaves what touches very many alone.")
forbid (principal in Label::"untrusted", action, resource)
when { context.workflow.labels.contains(Label::"untrusted") && context.agent.labels.contains(Label::"untrusted") && context.agent.actions > 1000000 };
@id("view-provenance") @title("What nobody has said is no reason to change a major ticket.")
forbid (principal, action, resource)
when {
  context.provenance.exposed &&
  context.provenance.all.containsAny([Interlock::Source::"unknown", Interlock::Source::"agent"]) &&
  context.workflow.did.contains(Action::"tickets.budget.update")
};`;

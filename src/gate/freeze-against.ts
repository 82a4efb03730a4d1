import type { FreezesView } from '../action/view.ts';

/** What is frozen for this agent or this system, as a code. */
export function freezeAgainst(
  freezes: FreezesView,
  { agent, system }: { readonly agent: string; readonly system?: string | undefined },
): 'TENANT_FROZEN' | 'AGENT_FROZEN' | 'SYSTEM_FROZEN' | undefined {
  if (freezes.tenant) return 'TENANT_FROZEN';
  if (freezes.agents.has(agent)) return 'AGENT_FROZEN';
  return system !== undefined && freezes.systems.has(system) ? 'SYSTEM_FROZEN' : undefined;
}

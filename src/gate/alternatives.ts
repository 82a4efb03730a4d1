import type { EntityRef } from '../action/policy-port.ts';
import type { ActivityView, FreezesView, SessionView, WorkflowView } from '../action/view.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Alternative } from './answers.ts';
import { type DecisionParts, decide } from './decide.ts';
import { overlay } from './overlay.ts';

/** Everything that one decision is made of, and the policies' word on other views of the same workflow. */
export type AlternativeParts = DecisionParts;

interface Otherwise {
  readonly change: string;
  readonly with: Partial<Pick<DecisionParts, 'action' | 'view' | 'freezes'>>;
}

/** Changes that are tried for one denied action; each is one decision. */
const TRIED_MAX = 64;
/** Alternatives that are told: a list of everything helps nobody. */
const TOLD_MAX = 5;

/**
 * What would have been allowed instead of a denied action: the same with one thing otherwise, decided by the same code
 * on what that decision saw. Nothing is recorded, and nothing is executed.
 */
export function alternatives(parts: AlternativeParts): readonly Alternative[] {
  const found: Alternative[] = [];
  for (const { change, with: changed } of [...others(parts)].slice(0, TRIED_MAX)) {
    const { decision } = decide({ ...parts, ...changed });
    if (decision.decision === 'deny') continue;
    found.push({ change, decision: decision.decision, reasons: decision.reasons });
    if (found.length >= TOLD_MAX) break;
  }
  return found;
}

const THAWED: FreezesView = { tenant: false, agents: new Set(), systems: new Set() };

/** One thing otherwise at a time, the smallest first. */
function* others(parts: AlternativeParts): Generator<Otherwise> {
  const { action, view, freezes } = parts;
  const session = view.sessions.get(action.principal.session);
  if (session === undefined) return;
  if (view.frozen || freezes.tenant || freezes.agents.size + freezes.systems.size > 0)
    yield { change: 'once the freeze is lifted', with: { view: overlay(view, { frozen: false }), freezes: THAWED } };
  if (view.quarantine.sessions.size + view.quarantine.resources.size > 0)
    yield { change: 'once it is released from quarantine', with: { view: overlay(view, { quarantine: RELEASED }) } };
  yield { change: 'in a workflow with higher limits', with: { view: overlay(view, { limits: {} }) } };
  for (const name of Object.keys(action.input)) {
    const otherwise = without(parts, name);
    if (otherwise !== undefined) yield { change: `without input.${name}`, with: { action: otherwise } };
  }
  const labels = [...session.activity.labels];
  for (const gone of [...labels.map((label) => [label]), ...(labels.length > 1 ? [labels] : [])]) {
    const words = gone.map(({ id }) => id).join(', ');
    const clean = unexposed(view, session, new Set(gone));
    yield { change: `an agent that has not read ${words}`, with: { view: clean } };
    const whole = overlay(clean, { activity: withoutLabels(view.activity, new Set(gone)) });
    yield { change: `a workflow that has not read ${words}`, with: { view: whole } };
  }
}

const RELEASED = { sessions: new Set<string>(), resources: new Set<string>() };

function without({ action, withInput }: AlternativeParts, name: string): DecisionParts['action'] | undefined {
  const { [name]: _gone, ...rest }: JsonObject = action.input;
  try {
    return withInput(action, rest);
  } catch {
    // It takes this field.
    return undefined;
  }
}

function unexposed(view: WorkflowView, session: SessionView, gone: ReadonlySet<EntityRef>): WorkflowView {
  const clean = overlay(session, { activity: withoutLabels(session.activity, gone) });
  return overlay(view, { sessions: new Map([...view.sessions, [session.id, clean]]) });
}

function withoutLabels(activity: ActivityView, gone: ReadonlySet<EntityRef>): ActivityView {
  return overlay(activity, { labels: new Set([...activity.labels].filter((label) => !gone.has(label))) });
}

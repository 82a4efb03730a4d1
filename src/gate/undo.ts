import { type Principal, UNDO_PREFIX } from '../action/action.ts';
import { isMutating } from '../action/effect.ts';
import type { ActionView } from '../action/view.ts';
import { principalOf } from '../action/view.ts';
import { type Registry, renamed } from '../connector/registry.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { UndoReport, UndoStep } from './answers.ts';
import type { Gate } from './gate.ts';
import type { Operator } from './interlock.ts';
import { type OpeningParts, openSession } from './opening.ts';

interface UndoParts extends OpeningParts {
  readonly gate: Gate;
  readonly registry: Registry;
  readonly workflows: Workflows;
}

/** The agent under whose name undoing is decided and recorded. */
const AGENT = 'undo';

/**
 * Takes back what a workflow did, the latest first. Each step is an action like any other: decided, recorded, refused or
 * held. Called again, it goes on where it stood: what was undone is not undone twice. Throws NOT_FOUND and WORKFLOW_FROZEN.
 */
export async function undoWorkflow(parts: UndoParts, operator: Operator, workflow: string): Promise<UndoReport> {
  const stream = { tenant: operator.tenant, workflow };
  const { view } = await parts.workflows.fresh(stream);
  const effects = [...view.actions.values()].filter(isEffect).reverse();
  const steps: UndoStep[] = [];
  if (effects.length === 0) return { workflow, steps };
  const principal = await principalFor(parts, operator, workflow);
  for (const action of effects) steps.push(await undoOne(parts, principal, action));
  return { workflow, steps };
}

/** What changed something, or may have; steps of an earlier undo are not undone. */
function isEffect({ id, state, decided, completed }: ActionView): boolean {
  const changed = decided.effect !== undefined && isMutating(decided.effect) && completed?.status !== 'failed';
  // A batch is taken back part by part.
  if (decided.parts !== undefined) return false;
  return changed && state !== 'denied' && state !== 'held' && !id.startsWith(UNDO_PREFIX);
}

async function principalFor(parts: UndoParts, operator: Operator, workflow: string): Promise<Principal> {
  const stream = { tenant: operator.tenant, workflow };
  const { view } = await parts.workflows.fresh(stream);
  const before = [...view.sessions.values()].find(({ agent, revoked }) => agent === AGENT && !revoked);
  if (before !== undefined) return principalOf(view, before);
  const { session } = await openSession(parts, operator, workflow, { agent: AGENT });
  const opened = (await parts.workflows.fresh(stream)).view.sessions.get(session);
  if (opened === undefined) throw new InterlockError('INTERNAL', 'the session that was just opened is not there');
  return principalOf(view, opened);
}

async function undoOne(parts: UndoParts, principal: Principal, action: ActionView): Promise<UndoStep> {
  const base = { action: action.id, operation: action.decided.operation };
  const inverse = inverseOf(parts.registry, action);
  if (typeof inverse === 'string') return { ...base, status: 'impossible', detail: inverse };
  try {
    const call = { id: `${UNDO_PREFIX}${action.id}`, ...inverse };
    const { action: undone } = await parts.gate.pass(principal, call, 'run');
    return { ...base, by: inverse.operation, ...stepOf(undone) };
  } catch (thrown) {
    const { code, message } = asInterlockError(thrown);
    return { ...base, by: inverse.operation, status: 'refused', detail: `${code}: ${message}` };
  }
}

function stepOf({ state, decided, completed }: ActionView): Pick<UndoStep, 'status' | 'detail'> {
  const why = decided.reasons.map(({ title }) => title).join(' ');
  if (state === 'held') return { status: 'held', detail: why };
  if (state === 'denied') return { status: 'refused', detail: why };
  if (completed?.status === 'succeeded' || completed?.status === 'accepted')
    return { status: 'undone', detail: completed.status };
  return { status: 'unknown', detail: completed?.detail ?? 'its outcome is not known' };
}

/** The call that takes an effect back, or why there is none. */
function inverseOf(
  registry: Registry,
  { decided, completed }: ActionView,
): { readonly operation: string; readonly input: JsonObject } | string {
  if (decided.mode === 'decide') return 'its caller executed it, and must take it back';
  if (completed?.status !== 'succeeded') return `its outcome is ${completed?.status ?? 'not known yet'}`;
  if (decided.resultObligations.length > 0)
    return 'obligations changed its result, from which the former state would be restored';
  try {
    const { definition, system } = registry.operation(decided.operation);
    if (definition.kind === 'read') return 'it only read';
    if (typeof definition.undo !== 'function') return definition.undo.none;
    // Copies: what a connector does to them must not reach the record.
    const inverse: unknown = definition.undo(structuredClone(decided.input), structuredClone(completed.result));
    if (!isInverse(inverse)) return 'nothing takes this one back';
    return { operation: renamed(inverse.operation, system), input: inverse.input };
  } catch (thrown) {
    return asInterlockError(thrown).message;
  }
}

function isInverse(value: unknown): value is { readonly operation: string; readonly input: JsonObject } {
  return isJsonObject(value) && typeof value['operation'] === 'string' && isJsonObject(value['input']);
}

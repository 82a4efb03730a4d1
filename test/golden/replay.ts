import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionDecided } from '../../src/action/event.ts';
import { tenantStream } from '../../src/action/log-port.ts';
import type { PolicySet } from '../../src/action/policy-port.ts';
import type { WorkflowView } from '../../src/action/view.ts';
import { Registry } from '../../src/connector/registry.ts';
import { type ProposeParts, principalIn, propose, proposeAgain } from '../../src/gate/propose.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { randomIds } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { evaluateAction } from '../../src/policy/evaluate-action.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { goldenConnector } from './golden-connector.ts';
import { GOLDEN, type GoldenStream, type Recorded } from './golden-log.ts';

/** A decision that is not decided any more as it was. */
export interface Difference {
  readonly seq: number;
  readonly action: string;
  readonly recorded: JsonObject;
  readonly now: JsonObject | 'nothing is decided';
}

export interface Replayer {
  /** Decides every decision of the workflow again, each on the version that it saw, and answers those that differ. */
  replay(
    stream: GoldenStream,
    seenAs?: (view: FoldedView) => WorkflowView,
  ): { readonly decisions: number; readonly differences: readonly Difference[] };
}

/** Today's code with the recorded policy sets, whatever hash it gives them today. */
export async function createReplayer(
  { policySets }: Recorded,
  readPolicies = (file: string): string => readFileSync(join(GOLDEN, file), 'utf8'),
): Promise<Replayer> {
  const registry = await Registry.connect(
    [{ system: 'golden', connector: goldenConnector({ faults: [], marks: new Set() }), settings: {} }],
    { clock: systemClock, baseDirectory: GOLDEN, log: () => undefined },
  );
  const sets = new Map<string, PolicySet>();
  for (const [hash, file] of Object.entries(policySets)) {
    const files = [{ name: file, text: readPolicies(file) }];
    sets.set(hash, await loadPolicySet({ files, catalog: registry.catalog }));
  }
  const partsFor = (decided: ActionDecided): ProposeParts => partsOf(registry, sets, decided);
  return { replay: (stream, seenAs = (view) => view) => replayStream(stream, partsFor, seenAs) };
}

function partsOf(registry: Registry, sets: ReadonlyMap<string, PolicySet>, { policySet }: ActionDecided): ProposeParts {
  const mappings = new Map(registry.catalog.operations.map((known) => [known.operation, operationMapping(known)]));
  const set = sets.get(policySet);
  if (set === undefined) throw new InterlockError('POLICY_INVALID', `no recorded policy set has the hash ${policySet}`);
  return {
    registry,
    ids: randomIds(),
    policySet: () => set,
    // Nothing is frozen beside single workflows in what was recorded.
    controls: (tenant) => new FoldedView(tenantStream(tenant), genesisHash(tenantStream(tenant))),
    evaluate: (used, action, view, now) => {
      const mapping = mappings.get(action.operation);
      if (mapping === undefined) throw new InterlockError('UNKNOWN_OPERATION', action.operation);
      return evaluateAction({ action, view, now, mapping }, (request) => used.evaluator.evaluate(request));
    },
  };
}

function replayStream(
  { id, events }: GoldenStream,
  partsFor: (decided: ActionDecided) => ProposeParts,
  seenAs: (view: FoldedView) => WorkflowView,
) {
  const view = new FoldedView(id, genesisHash(id));
  const differences: Difference[] = [];
  let decisions = 0;
  for (const stored of events) {
    const event = parseEvent(stored);
    if (event.type === 'action.decided') {
      decisions++;
      const recorded = comparable(event.payload);
      const again = decideAgain(partsFor(event.payload), event.payload, { view: seenAs(view), now: event.at });
      const now = again === undefined ? 'nothing is decided' : comparable(again);
      if (canonicalJson(now) !== canonicalJson(recorded))
        differences.push({ seq: event.seq, action: event.payload.action, recorded, now });
    }
    view.apply(event);
  }
  return { decisions, differences };
}

interface Moment {
  readonly view: WorkflowView;
  /** A decision is recorded with the time at which it was made. */
  readonly now: number;
}

/** As the gate does it: a held action is decided anew, any other is normalised and decided. */
function decideAgain(parts: ProposeParts, decided: ActionDecided, { view, now }: Moment): ActionDecided | undefined {
  const { action: id, mode, operation, requested } = decided;
  const held = view.actions.get(id)?.state === 'held';
  const normalise = () =>
    parts.registry.normalise({
      call: { operation, input: requested },
      id,
      mode,
      principal: principalIn(view, decided),
    });
  const { events } = held
    ? proposeAgain(parts, id, view, now)
    : propose(parts, { ...normalise(), callDigest: decided.callDigest }, view, now);
  const [event] = events;
  return event?.type === 'action.decided' ? event.payload : undefined;
}

/**
 * All that a decision is, but for the ids of new questions, which are drawn, and the hash of the policy set, which is
 * that of the schema too: a later schema may say more without deciding differently.
 */
function comparable({ approvals, policySet: _, ...decided }: ActionDecided): JsonObject {
  const asked = approvals.map(({ id: _, ...approval }) => approval);
  return JSON.parse(JSON.stringify({ ...decided, approvals: asked }));
}

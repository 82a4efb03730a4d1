import type { ActionDecided } from '../../src/action/event.ts';
import { tenantStream, type WorkflowLog } from '../../src/action/log-port.ts';
import type { PolicySet } from '../../src/action/policy-port.ts';
import type { Registry } from '../../src/connector/registry.ts';
import { type ProposeParts, principalIn, propose, proposeAgain } from '../../src/gate/propose.ts';
import { randomIds } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { evaluateAction } from '../../src/policy/evaluate-action.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { signalsSeen } from '../../src/policy/signals/signal-record.ts';
import { genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';

interface World {
  readonly log: WorkflowLog;
  readonly registry: Registry;
  readonly policySet: PolicySet;
}

export interface Replayed {
  readonly recorded: JsonObject;
  readonly again: JsonObject | undefined;
}

/** Decides every decision of a tenant again, each with its own workflow and what it recorded, and nothing else. */
export async function replayAlone({ log, registry, policySet }: World, tenant = 'acme'): Promise<readonly Replayed[]> {
  const mappings = new Map(registry.catalog.operations.map((known) => [known.operation, operationMapping(known)]));
  const partsFor = (decided: ActionDecided): ProposeParts => {
    const recorded = [...(decided.signals ?? [])];
    return {
      registry,
      ids: randomIds(),
      policySet: () => policySet,
      controls: (name) => new FoldedView(tenantStream(name), genesisHash(tenantStream(name))),
      signals: { read: () => recorded.shift() ?? {} },
      evaluate: (set, action, view, now, values) => {
        const mapping = mappings.get(action.operation);
        if (mapping === undefined) throw new Error(`no ${action.operation}`);
        return evaluateAction({ action, view, now, mapping, ...signalsSeen(set, values) }, (request) =>
          set.evaluator.evaluate(request),
        );
      },
    };
  };
  const replayed: Replayed[] = [];
  for (const stream of await log.list({ tenant })) {
    const view = new FoldedView(stream, genesisHash(stream));
    for (const stored of await log.read(stream)) {
      const event = parseEvent(stored);
      if (event.type === 'action.decided') {
        const again = decideAgain(partsFor(event.payload), event.payload, { view, now: event.at });
        replayed.push({ recorded: comparable(event.payload), again: again && comparable(again) });
      }
      view.apply(event);
    }
  }
  return replayed;
}

function decideAgain(
  parts: ProposeParts,
  decided: ActionDecided,
  { view, now }: { readonly view: FoldedView; readonly now: number },
): ActionDecided | undefined {
  const { action: id, mode, operation, requested, callDigest } = decided;
  const call = { operation, input: requested };
  const normalised = () => parts.registry.normalise({ call, id, mode, principal: principalIn(view, decided) });
  const isHeld = view.actions.get(id)?.state === 'held';
  const { events } = isHeld
    ? proposeAgain(parts, id, view, now)
    : propose(parts, { ...normalised(), callDigest }, view, now);
  const [event] = events;
  return event?.type === 'action.decided' ? event.payload : undefined;
}

/** But for the ids of new questions, which are drawn. */
function comparable({ approvals, ...decided }: ActionDecided): JsonObject {
  return JSON.parse(JSON.stringify({ ...decided, approvals: approvals.map(({ id: _, ...approval }) => approval) }));
}

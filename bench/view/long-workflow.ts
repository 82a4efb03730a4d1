import type { Action } from '../../src/action/action.ts';
import type { NewEvent, StoredEvent } from '../../src/action/event.ts';
import type { StreamId } from '../../src/action/log-port.ts';
import type { ResourceRef } from '../../src/action/resource.ts';
import type { AgentCaller } from '../../src/gate/interlock.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { chainEvents, genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { REFERENCE_INPUT } from '../gate/reference-connector.ts';
import { REFERENCE_CALL } from '../gate/reference-gateway.ts';
import { pastEvents, sessionAt, USER } from '../past-events.ts';

const AGENTS = 50;

const T0 = Date.UTC(2026, 0, 5);

/** Five of two actions touch as many records as these and their messages are events. */
const RECORDS = [3, 2];

/** A stream in which 50 agents have joined and then `length` events have happened, on as many different records. */
export function longWorkflow({ registry }: Pick<Gateway, 'registry'>, workflow: string, length: number): StoredEvent[] {
  const stream = { tenant: 'bench', workflow };
  const normalise = (id: string, session: string): Action => {
    const { principal } = agentOf(workflow, session);
    return registry.normalise({ call: REFERENCE_CALL, id, mode: 'run', principal });
  };
  const past = pastEvents({
    stream,
    agents: AGENTS,
    events: 1 + AGENTS + length,
    actionOf: (index, session) => withRecords(normalise(`act_${index}`, session), index),
    resultOf: (index) => ({
      ...REFERENCE_INPUT,
      id: `INC${index}-0`,
      shortDescription: `Ticket ${index} of the directory`,
      reopened: index,
    }),
  });
  return chain(stream, [...past]);
}

/** Every second agent reads what carries a label; the others write. */
function withRecords(action: Action, index: number): Action {
  const record = (part: number): ResourceRef => ({ type: 'Tickets::Ticket', id: `INC${index}-${part}` });
  const more = Array.from({ length: (RECORDS[index % RECORDS.length] ?? 1) - 1 }, (_, part) => record(part + 1));
  const resources: Action['resources'] = [record(0), ...more];
  if (index % 2 === 0) return { ...action, resources };
  return { ...action, resources, effect: { ...action.effect, kind: 'read' }, labels: ['untrusted'] };
}

export function chain(stream: StreamId, events: readonly NewEvent[], view?: FoldedView): StoredEvent[] {
  const head = view === undefined ? undefined : { version: view.version, hash: view.head, at: view.at };
  return chainEvents({ stream, head, events, now: T0, salt: () => 'c2FsdHNhbHRzYWx0c2FsdA' });
}

export function foldAll(stream: StreamId, events: Iterable<StoredEvent>): FoldedView {
  const view = new FoldedView(stream, genesisHash(stream));
  for (const event of events) view.apply(parseEvent(event), event.payload?.length);
  return view;
}

/** The agent of a session, as if its token had been shown. */
export function agentOf(workflow: string, session: string = sessionAt(1)): AgentCaller {
  const agent = session.replace('ses', 'agent').replace('_', '-');
  return { kind: 'agent', principal: { tenant: 'bench', workflow, session, agent, onBehalfOf: USER.id } };
}

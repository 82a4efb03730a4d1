import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEvent } from '../../src/action/event.ts';
import type { StreamId } from '../../src/action/log-port.ts';
import { EntityRef } from '../../src/action/policy-port.ts';
import type { WorkflowView } from '../../src/action/view.ts';
import type { Json } from '../../src/lib/json.ts';
import { genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import { FoldedView } from '../../src/workflow/view.ts';

/** The fixture of format 1: once it is released, no file in it changes any more. */
export const GOLDEN = new URL('./v1', import.meta.url).pathname;

/** What the fixture says beside its log: which file holds which policy set, and what each workflow folds to. */
export interface Recorded {
  /** File name by the hash that decisions name. */
  readonly policySets: Readonly<Record<string, string>>;
  /** By `tenant/workflow`; left out where a payload was erased. */
  readonly views: Readonly<Record<string, Json>>;
}

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(join(GOLDEN, 'recorded.json'), 'utf8'));
}

export interface GoldenStream {
  readonly id: StreamId;
  readonly events: readonly StoredEvent[];
}

export function readStreams(file: string): readonly GoldenStream[] {
  const reader = openLogReader({ file });
  try {
    return [...reader.streams()].map(({ tenant, workflow }) => {
      const id = { tenant, workflow };
      return { id, events: [...reader.events(id)] };
    });
  } finally {
    reader.close();
  }
}

export function isErased({ payload }: StoredEvent): boolean {
  return payload === undefined;
}

export function nameOf({ tenant, workflow }: StreamId): string {
  return `${tenant}/${workflow}`;
}

export function fold({ id, events }: GoldenStream): FoldedView {
  const view = new FoldedView(id, genesisHash(id));
  for (const event of events) view.apply(parseEvent(event));
  return view;
}

/** What a view says, as far as the recorded ones do; how much memory it takes is no part of that. */
const VIEW_MEMBERS: Readonly<
  Record<
    Exclude<
      keyof WorkflowView,
      | 'carriedLabels'
      | 'characters'
      | 'descendantsOf'
      | 'erased'
      | 'facts'
      | 'freezes'
      | 'observedLabels'
      | 'openers'
      | 'provenance'
      | 'quarantine'
    >,
    true
  >
> = {
  tenant: true,
  id: true,
  version: true,
  head: true,
  at: true,
  openedAt: true,
  openedBy: true,
  onBehalfOf: true,
  mandate: true,
  limits: true,
  frozen: true,
  activity: true,
  sessions: true,
  actions: true,
  approvals: true,
  resources: true,
  messages: true,
  overflowed: true,
  open: true,
  held: true,
};

/** A view as JSON: maps as objects, sets as sorted lists, entities as Cedar writes them. */
export function viewAsJson(view: WorkflowView): Json {
  const names = Object.keys(VIEW_MEMBERS) as (keyof WorkflowView)[];
  return asJson(Object.fromEntries(names.map((name) => [name, view[name]])));
}

function asJson(value: unknown): Json {
  if (value instanceof EntityRef) return `${value.type}::${JSON.stringify(value.id)}`;
  if (value instanceof Map) return asJson(Object.fromEntries(value));
  if (value instanceof Set) return [...value].map(asJson).sort();
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, asJson(member)]));
}

import type { SignalDeclaration, SignalPlan } from '../../action/signal.ts';
import { type Digest, digestOf } from '../../lib/digest.ts';
import type { CheckedPolicy } from '../checked-policy.ts';
import type { CedarSchema } from '../generate-schema.ts';
import { operationsOf } from '../lost-paths.ts';
import { readsOf } from './check-reads.ts';
import type { SignalCatalog } from './check-signals.ts';
import type { CheckedSignal } from './checked-signal.ts';
import { mentionedSignals } from './mentioned-signals.ts';

/** The part of a set's hash that its signals are; sets without any keep the hash that they always had. */
export function declaredIn({ signals }: SignalCatalog): { readonly signals?: readonly Digest[] } {
  return signals.length === 0 ? {} : { signals: signals.map(({ digest }) => digest).sort() };
}

type Policies = readonly Pick<CheckedPolicy, 'json'>[];

/** What decisions have to look up: per operation the signals that a policy in whose scope it is reads. */
export function signalPlan(
  { signals, attributesOf }: SignalCatalog,
  policies: Policies,
  schema: CedarSchema,
): SignalPlan | undefined {
  if (signals.length === 0) return undefined;
  const byName = new Map(signals.map((signal) => [signal.declaration.name, signal]));
  const wanted = namesByOperation(policies, schema, byName);
  addRecorded(wanted, byName);
  const readBy = new Map<string, readonly Digest[]>();
  const declarations = new Map<Digest, SignalDeclaration>();
  for (const [operation, names] of wanted) {
    const there = attributesOf(operation);
    const read = [...names].filter((name) => Object.hasOwn(there, name)).flatMap((name) => byName.get(name) ?? []);
    for (const { digest, declaration } of read) declarations.set(digest, declaration);
    if (read.length > 0) readBy.set(operation, read.map(({ digest }) => digest).sort());
  }
  const types = new Map([...declarations.values()].map(({ name, type }) => [name, type]));
  return { digest: digestOf([...declarations.keys()].sort()), declarations, types, readBy };
}

function namesByOperation(
  policies: Policies,
  schema: CedarSchema,
  byName: ReadonlyMap<string, CheckedSignal>,
): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { json } of policies) {
    const mentioned = mentionedSignals(json);
    const names = mentioned === 'all' ? [...byName.keys()] : [...mentioned];
    if (names.length === 0) continue;
    for (const operation of operationsOf(json.action, schema)) addAll(wanted, operation, names);
  }
  return wanted;
}

/** What a signal that is read rests on is recorded with every decision that its patterns may find, so that it is there to be asked for. */
function addRecorded(wanted: Map<string, Set<string>>, byName: ReadonlyMap<string, CheckedSignal>): void {
  const open = [...new Set([...wanted.values()].flatMap((names) => [...names]))];
  for (const name of open) {
    const declaration = byName.get(name)?.declaration;
    const reads = declaration === undefined ? [] : [...readsOf(declaration)];
    if (declaration === undefined || reads.length === 0) continue;
    open.push(...reads.filter((read) => !open.includes(read)));
    for (const { operations = [] } of [
      ...declaration.events,
      ...(declaration.unless ?? []),
      ...(declaration.among ?? []),
    ])
      for (const operation of operations) addAll(wanted, operation, reads);
  }
}

function addAll(wanted: Map<string, Set<string>>, operation: string, names: readonly string[]): void {
  const known = wanted.get(operation) ?? new Set();
  for (const name of names) known.add(name);
  wanted.set(operation, known);
}

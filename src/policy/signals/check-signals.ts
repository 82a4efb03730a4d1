import type { Catalog } from '../../action/operation-descriptor.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { CedarAttribute } from '../cedar-type.ts';
import type { PolicyFile } from '../checked-policy.ts';
import type { PolicyProblem } from '../split-policies.ts';
import { checkReads } from './check-reads.ts';
import { type CheckedSignal, signalAttribute, signalDigest } from './checked-signal.ts';
import { type CatalogFacts, catalogFacts, earlierOperations } from './operation-facts.ts';
import { type ReadSignal, readSignalFile } from './read-signal-file.ts';
import { resolveSignal } from './resolve-signal.ts';

const SIGNAL_FILE = /\.signals\.ya?ml$/;

export function isSignalFile({ name }: Pick<PolicyFile, 'name'>): boolean {
  return SIGNAL_FILE.test(name);
}

/** The signals of one policy set; of those with problems, only the problems. */
export interface SignalCatalog {
  readonly signals: readonly CheckedSignal[];
  readonly problems: readonly PolicyProblem[];
  /** What policies see in `context.signals` of an operation; undefined: of an action without input. */
  attributesOf(operation: string | undefined): Readonly<Record<string, CedarAttribute>>;
}

export const NO_SIGNALS: SignalCatalog = { signals: [], problems: [], attributesOf: () => ({}) };

/** Reads the signal files among the files of a set, and checks them against the catalog. Throws CONNECTOR_INVALID. */
export function checkSignals(files: readonly PolicyFile[], catalog: Catalog): SignalCatalog {
  const signalFiles = files.filter(isSignalFile);
  if (signalFiles.length === 0) return NO_SIGNALS;
  const read = signalFiles.map(readSignalFile);
  const problems = read.flatMap((file) => file.problems);
  const written = read.flatMap((file) => file.signals);
  if (written.length > BOUNDS.signals) return { ...NO_SIGNALS, problems: [...problems, tooMany(written)] };
  const facts = catalogFacts(catalog);
  const signals: CheckedSignal[] = [];
  const places = new Map<string, string>();
  for (const signal of written) {
    const found = checkOne(signal, facts, places);
    if ('problems' in found) problems.push(...found.problems);
    else signals.push(found);
  }
  problems.push(...checkReads(signals));
  return { signals, problems, attributesOf: (operation) => attributesFor(signals, facts, operation) };
}

function tooMany(written: readonly ReadSignal[]): PolicyProblem {
  return {
    place: written[BOUNDS.signals]?.place([]) ?? 'signals',
    problem: `there are more than ${BOUNDS.signals} signals`,
    remedy: 'Remove those that no policy reads.',
  };
}

const IDENTIFIER = /^[a-z][A-Za-z0-9]{0,63}$/;
const RESERVED = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has']);

function checkOne(
  { name, written, place }: ReadSignal,
  facts: CatalogFacts,
  places: Map<string, string>,
): CheckedSignal | { readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const complain = (path: readonly PropertyKey[], problem: string, remedy: string): void => {
    problems.push({ place: place(path), problem: `${name}: ${problem}`, remedy });
  };
  const first = places.get(name);
  if (!IDENTIFIER.test(name) || RESERVED.has(name))
    complain([], 'policies cannot name it', 'Use letters and digits, as `transfersToday`.');
  if (first !== undefined) complain([], `it is declared already at ${first}`, 'Give each signal a name of its own.');
  places.set(name, place([]));
  const declaration = resolveSignal(name, written, { facts, complain });
  if (problems.length > 0) return { problems };
  return { declaration, digest: signalDigest(declaration), title: written.title, place: place([]) };
}

function attributesFor(
  signals: readonly CheckedSignal[],
  facts: CatalogFacts,
  name: string | undefined,
): Readonly<Record<string, CedarAttribute>> {
  const operation = name === undefined ? undefined : facts.operations.get(name);
  const attributes: Record<string, CedarAttribute> = {};
  for (const { declaration } of signals) {
    const attribute = signalAttribute(
      declaration,
      operation,
      earlierOperations(declaration.among ?? declaration.events, facts),
    );
    if (attribute !== undefined) attributes[declaration.name] = attribute;
  }
  return attributes;
}

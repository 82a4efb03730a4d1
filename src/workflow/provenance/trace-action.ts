import type {
  ActionProvenance,
  ArgumentRole,
  OperationProvenance,
  Source,
  Sources,
  TracedAction,
} from '../../action/provenance.ts';
import { plainForm } from './fold-text.ts';
import { declaredFor, type Leaf, leavesOf } from './leaves-of.ts';
import { asksFor, namesObject, type Order } from './read-order.ts';
import { roleByShape } from './role-by-shape.ts';
import { inOrder, sourcesOf } from './sources-of.ts';
import { chunksOf } from './text-keys.ts';
import { hostOf } from './value-forms.ts';
import { SEEN, type ValueIndex } from './value-index.ts';

/** What a workflow knows at one version. */
export interface Knowledge {
  readonly index: ValueIndex;
  readonly order: Order;
  readonly exposed: boolean;
}

const EXISTS = SEEN.linked | SEEN.record | SEEN.listed;
const NONE: OperationProvenance = {};

interface Traced {
  readonly name: string;
  readonly role: ArgumentRole;
  readonly sources: Sources;
  readonly links: Sources;
}

/** Looks up every value of an action's input. */
export function traceAction(knowledge: Knowledge, action: TracedAction): ActionProvenance {
  const { order, exposed } = knowledge;
  const declared = action.provenance ?? NONE;
  const traced = [...leavesOf(action.input)].map((leaf) => traceLeaf(knowledge, leaf, declared));
  const of = (role: ArgumentRole): Sources =>
    inOrder(traced.filter((found) => found.role === role).flatMap(({ sources }) => sources));
  const words = [...action.operation.split(/[.-]/), ...(declared.asked ?? [])];
  return {
    exposed,
    ordered: asksFor(order, action.effect.kind, words),
    named: namesObject(order, words),
    delegated: order.delegates,
    passesLinks: order.passesLinks,
    all: inOrder(traced.flatMap(({ sources }) => sources)),
    destinations: of('destination'),
    targets: of('target'),
    amounts: of('amount'),
    dates: of('date'),
    flags: of('flag'),
    credentials: of('credential'),
    contents: of('content'),
    links: inOrder(traced.flatMap(({ links }) => links)),
    arguments: byArgument(traced),
  };
}

function byArgument(traced: readonly Traced[]): Readonly<Record<string, Sources>> {
  const found = new Map<string, Set<Source>>();
  for (const { name, sources } of traced) {
    const known = found.get(name) ?? new Set();
    for (const source of sources) known.add(source);
    found.set(name, known);
  }
  return Object.fromEntries([...found].map(([name, sources]) => [name, inOrder(sources)]));
}

function traceLeaf({ index }: Knowledge, leaf: Leaf, declared: OperationProvenance): Traced {
  const marks = index.find(leaf.text);
  const role = declaredFor(declared.arguments ?? {}, leaf.path) ?? roleByShape(leaf, () => (marks & EXISTS) !== 0);
  return {
    name: /^[^.[]*/.exec(leaf.path)?.[0] ?? '',
    role,
    sources: known(index, marks | siteMarks(index, leaf.text)),
    links:
      role === 'content' ? inOrder(linksIn(leaf.text).flatMap((link) => known(index, linkMarks(index, link)))) : [],
  };
}

/** Once something was forgotten, only the user's own order still vouches. */
function known(index: ValueIndex, marks: number): Sources {
  const sources = sourcesOf(marks);
  return !index.isFull || sources[0] === 'mandate' ? sources : inOrder([...sources, 'unknown']);
}

/** Web addresses in a text: what a reader would open. */
function linksIn(text: string): readonly string[] {
  return chunksOf(plainForm(text))
    .map((chunk) => chunk.text)
    .filter((chunk) => !chunk.includes('@') && hostOf(chunk) !== undefined);
}

function linkMarks(index: ValueIndex, link: string): number {
  return index.find(link) | siteMarks(index, link);
}

/** A page of a site that the user or a record names is theirs; another mailbox of a provider is anybody's. */
function siteMarks(index: ValueIndex, text: string): number {
  const plain = plainForm(text.trim());
  if (plain.includes('@') || /\s/.test(plain)) return 0;
  const host = hostOf(plain);
  return host === undefined ? 0 : index.findKey(`h:${host}`);
}

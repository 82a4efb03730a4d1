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
import { isAddress, roleByShape } from './role-by-shape.ts';
import { inOrder, sourcesOf } from './sources-of.ts';
import { chunksOf, wordsOf } from './text-keys.ts';
import { hostOf } from './value-forms.ts';
import { SEEN, type ValueIndex, VOUCHES } from './value-index.ts';

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
  const traced = [...leavesOf(action.input)].map((leaf) => traceLeaf(knowledge, leaf, action));
  const of = (role: ArgumentRole): Sources =>
    inOrder(traced.filter((found) => found.role === role).flatMap(({ sources }) => sources));
  const words = [...action.operation.split(/[.-]/), ...(action.provenance?.asked ?? [])];
  return {
    exposed,
    ordered: asksFor(order, action.effect.kind, words),
    named: namesObject(order, words),
    acts: order.kinds.size > 0,
    delegated: order.delegates,
    passesLinks: order.passesLinks,
    opensPages: order.opensPages,
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

function traceLeaf({ index }: Knowledge, leaf: Leaf, { effect, provenance = NONE }: TracedAction): Traced {
  const isKnown = (): boolean => (index.find(leaf.text) & EXISTS) !== 0;
  const role = declaredFor(provenance.arguments ?? {}, leaf.path) ?? roleByShape(leaf, effect.kind, isKnown);
  const values = role === 'destination' ? destinationsIn(leaf.text) : [leaf.text];
  return {
    name: /^[^.[]*/.exec(leaf.path)?.[0] ?? '',
    role,
    sources: inOrder(values.flatMap((value) => known(index, marksOf(index, value, role), role))),
    links:
      role === 'content'
        ? inOrder(linksIn(leaf.text).flatMap((link) => known(index, marksOf(index, link, role), role)))
        : [],
  };
}

/** Once something was forgotten, only the user's own order still vouches. */
function known(index: ValueIndex, marks: number, role: ArgumentRole): Sources {
  const sources = sourcesOf(marks, role);
  return !index.isFull || sources[0] === 'mandate' ? sources : inOrder([...sources, 'unknown']);
}

/** Web addresses in a text: what a reader would open. */
function linksIn(text: string): readonly string[] {
  return chunksOf(plainForm(text))
    .map((chunk) => chunk.text)
    .filter((chunk) => !chunk.includes('@') && hostOf(chunk) !== undefined);
}

/** The addresses in a value that can hold several, as `Ann <ann@x.org>, b@y.org`; the value itself where there is none. */
function destinationsIn(text: string): readonly string[] {
  const addresses = chunksOf(text)
    .map((chunk) => chunk.text)
    .filter((chunk) => isAddress(plainForm(chunk)));
  return addresses.length === 0 ? [text] : addresses;
}

/**
 * A page of a site that somebody named as a whole is meant too; another mailbox of a provider, or page of a host, is not.
 * A site that nobody named can be made of the order's words, as `www.<name>-birthday.com`.
 */
function marksOf(index: ValueIndex, value: string, role: ArgumentRole): number {
  const marks = index.find(value);
  const plain = plainForm(value.trim());
  if ((role !== 'destination' && role !== 'content') || plain.includes('@') || /\s/.test(plain)) return marks;
  const host = hostOf(plain);
  if (host === undefined) return marks;
  const ofSite = marks | (index.findKey(`h:${host}`) & VOUCHES);
  return ofSite === 0 && isMadeOfOrder(index, plain) ? SEEN.linked : ofSite;
}

const OF_EVERY_SITE = /^(?:https?|www|com|org|net|html?)$/;

/** Whether all words of a site are the order's or a record's, and some the order's: then nothing of others is in it. */
function isMadeOfOrder(index: ValueIndex, site: string): boolean {
  const marks = wordsOf(site)
    .filter((word) => !OF_EVERY_SITE.test(word))
    .map((word) => index.find(word));
  const isVouched = marks.every((found) => (found & (SEEN.mandate | SEEN.linked | SEEN.record)) !== 0);
  return isVouched && marks.filter((found) => (found & SEEN.mandate) !== 0).length >= 2;
}

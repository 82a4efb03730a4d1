import type {
  ActionProvenance,
  ArgumentRole,
  OperationProvenance,
  Sources,
  TracedAction,
} from '../../action/provenance.ts';
import { bareForm, plainForm } from './fold-text.ts';
import { declaredFor, type Leaf, leavesOf } from './leaves-of.ts';
import { asksFor, namesObject, type Order } from './read-order.ts';
import { isAddress, roleByShape } from './role-by-shape.ts';
import { bitOf, type SourceBits, sourceList, sourcesOf } from './sources-of.ts';
import { chunksOf, wordsOf } from './text-keys.ts';
import { hostOf } from './value-forms.ts';
import { SEEN, type ValueIndex, VOUCHES } from './value-index.ts';

/** What a workflow knows at one version. */
export interface Knowledge {
  readonly index: ValueIndex;
  readonly order: Order;
  readonly exposed: boolean;
  /** What the order says of such an act. */
  readonly asked: Asked;
}

/** Whether the order asks for an act, and names what it is done to. */
export interface Asked {
  readonly ordered: boolean;
  readonly named: boolean;
}

const EXISTS = SEEN.linked | SEEN.record | SEEN.listed;
const NONE: OperationProvenance = {};

interface Traced {
  readonly name: string;
  readonly role: ArgumentRole;
  readonly sources: SourceBits;
  readonly links: SourceBits;
}

/** What an order says of an action, whatever its values. The system's name says nothing of what is done. */
export function askedOf(order: Order, { operation, effect, provenance }: TracedAction): Asked {
  const words = [...operation.split(/[.-]/).slice(1), ...(provenance?.asked ?? [])];
  return { ordered: asksFor(order, effect.kind, words), named: namesObject(order, words) };
}

/** Looks up every value of an action's input. */
export function traceAction({ index, order, exposed, asked }: Knowledge, action: TracedAction): ActionProvenance {
  const traced = [...leavesOf(action.input)].map((leaf) => traceLeaf(index, leaf, action));
  const of = (role: ArgumentRole): Sources =>
    sourceList(traced.reduce((bits, found) => (found.role === role ? bits | found.sources : bits), 0));
  return {
    exposed,
    ...asked,
    acts: order.kinds.size > 0,
    delegated: order.delegates,
    passesLinks: order.passesLinks,
    opensPages: order.opensPages,
    all: sourceList(traced.reduce((bits, { sources }) => bits | sources, 0)),
    destinations: of('destination'),
    targets: of('target'),
    amounts: of('amount'),
    dates: of('date'),
    flags: of('flag'),
    credentials: of('credential'),
    contents: of('content'),
    links: sourceList(traced.reduce((bits, { links }) => bits | links, 0)),
    arguments: byArgument(traced),
  };
}

function byArgument(traced: readonly Traced[]): Readonly<Record<string, Sources>> {
  const found = new Map<string, SourceBits>();
  for (const { name, sources } of traced) found.set(name, (found.get(name) ?? 0) | sources);
  return Object.fromEntries([...found].map(([name, sources]) => [name, sourceList(sources)]));
}

function traceLeaf(index: ValueIndex, leaf: Leaf, { effect, provenance = NONE }: TracedAction): Traced {
  const isKnown = (): boolean => (index.find(leaf.text) & EXISTS) !== 0;
  const role = declaredFor(provenance.arguments ?? {}, leaf.path) ?? roleByShape(leaf, effect.kind, isKnown);
  const values = role === 'destination' ? destinationsIn(leaf.text) : [leaf.text];
  return {
    name: /^[^.[]*/.exec(leaf.path)?.[0] ?? '',
    role,
    sources: together(index, values, role),
    links: role === 'content' ? together(index, linksIn(leaf.text), role) : 0,
  };
}

function together(index: ValueIndex, values: readonly string[], role: ArgumentRole): SourceBits {
  return values.reduce((bits, value) => bits | known(index, sourcesOf(marksOf(index, value, role), role)), 0);
}

/** Once something was forgotten, only the user's own order still vouches. */
function known(index: ValueIndex, sources: SourceBits): SourceBits {
  return !index.isFull || sources === bitOf('mandate') ? sources : sources | bitOf('unknown');
}

/** Web addresses in a text: what a reader would open. */
function linksIn(text: string): readonly string[] {
  if (!/[.\u3002\uff0e\uff61]/.test(text)) return [];
  return chunksOf(plainForm(text))
    .map((chunk) => chunk.text)
    .filter((chunk) => !chunk.includes('@') && hostOf(bareForm(chunk)) !== undefined);
}

/** The addresses in a value that can hold several, as `Ann <ann@x.org>, b@y.org`; the value itself where there is none. */
function destinationsIn(text: string): readonly string[] {
  if (!/[\s,;<]/.test(text)) return [text];
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

import { same } from '../attributes.ts';
import type { SearchFilter } from '../filter.ts';
import { formatName, isBelow, keyOf, type Name, type Part, parentOf, parseName } from '../name.ts';
import type { Values } from '../values.ts';

export interface Stored {
  readonly name: Name;
  readonly attributes: readonly Values[];
}

/** Entries by their keys; what is in it is never changed, only replaced. */
export type Tree = Map<string, Stored>;

/** An operation that a server refuses: RFC 4511's code and a word of its own. */
export class Refused extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const MEMBERS = ['member', 'uniqueMember'];

export function entryOf(tree: Tree, name: readonly Part[]): Stored {
  const found = tree.get(keyOf(name));
  if (found === undefined) throw new Refused(32, 'no such object');
  return found;
}

export function valuesOf({ attributes }: Stored, attribute: string): readonly string[] {
  return attributes.find((each) => same(each.attribute, attribute))?.values ?? [];
}

/** As a server compares them: without regard to case, and names as names. */
export function isEqual(one: string, other: string): boolean {
  if (same(one, other)) return true;
  const [left, right] = [parseName(one), parseName(other)];
  return left !== undefined && right !== undefined && keyOf(left) === keyOf(right);
}

export function add(tree: Tree, name: Name, attributes: readonly Values[]): void {
  if (tree.has(keyOf(name))) throw new Refused(68, 'entry already exists');
  if (!tree.has(keyOf(parentOf(name)))) throw new Refused(32, 'no parent');
  store(tree, { name, attributes: attributes.filter(({ values }) => values.length > 0) });
}

export function remove(tree: Tree, name: Name): void {
  entryOf(tree, name);
  if ([...tree.values()].some((each) => isBelow(each.name, name)))
    throw new Refused(66, 'subordinate objects must be deleted first');
  tree.delete(keyOf(name));
}

export type Change = Values & { readonly operation: 'add' | 'delete' | 'replace' };

/** All changes, or none. */
export function modify(tree: Tree, name: Name, changes: readonly Change[]): void {
  store(tree, changes.reduce(changed, entryOf(tree, name)));
}

function changed(entry: Stored, { operation, attribute, values }: Change): Stored {
  const held = valuesOf(entry, attribute);
  const next = operation === 'replace' ? values : operation === 'add' ? added(held, values) : withoutThem(held, values);
  const [rdn] = entry.name;
  if (same(rdn.type, attribute) && !next.some((value) => isEqual(value, rdn.value)))
    throw new Refused(67, 'not allowed on RDN');
  const others = entry.attributes.filter((each) => !same(each.attribute, attribute));
  return { ...entry, attributes: next.length === 0 ? others : [...others, { attribute, values: next }] };
}

function added(held: readonly string[], values: readonly string[]): readonly string[] {
  if (values.some((value) => held.some((one) => isEqual(one, value)))) throw new Refused(20, 'value exists');
  return [...held, ...values];
}

function withoutThem(held: readonly string[], values: readonly string[]): readonly string[] {
  if (held.length === 0 || !values.every((value) => held.some((one) => isEqual(one, value))))
    throw new Refused(16, 'no such value');
  return values.length === 0 ? [] : held.filter((one) => !values.some((value) => isEqual(one, value)));
}

/** With all that stands below it. */
export function rename(tree: Tree, from: Name, to: Name): void {
  const entry = entryOf(tree, from);
  if (keyOf(from) !== keyOf(to) && tree.has(keyOf(to))) throw new Refused(68, 'entry already exists');
  if (!tree.has(keyOf(parentOf(to)))) throw new Refused(32, 'no new superior');
  const below = [...tree.values()].filter((each) => isBelow(each.name, from));
  const { type, value } = to[0];
  const held = valuesOf(entry, type).filter((one) => !isEqual(one, from[0].value));
  tree.delete(keyOf(from));
  const others = entry.attributes.filter((each) => !same(each.attribute, type));
  store(tree, { name: to, attributes: [...others, { attribute: type, values: [...held, value] }] });
  for (const child of below) {
    const [first, ...rest] = child.name.slice(0, child.name.length - from.length);
    if (first === undefined) continue;
    tree.delete(keyOf(child.name));
    store(tree, { ...child, name: [first, ...rest, ...to] });
  }
}

/** What the schema asks of a group (RFC 4519 §3.5) and of a person. */
function store(tree: Tree, entry: Stored): void {
  const classes = valuesOf(entry, 'objectClass');
  if (classes.length === 0) throw new Refused(65, 'no object class');
  const isGroup = classes.some((each) => /^groupof(?:unique)?names$/i.test(each));
  if (isGroup && MEMBERS.every((attribute) => valuesOf(entry, attribute).length === 0))
    throw new Refused(65, 'a group requires a member');
  const isPerson = classes.some((each) => same(each, 'inetOrgPerson'));
  if (isPerson && ['cn', 'sn'].some((attribute) => valuesOf(entry, attribute).length === 0))
    throw new Refused(65, 'a person requires cn and sn');
  tree.set(keyOf(entry.name), entry);
}

/** A server counts whoever is an inetOrgPerson as a person, too (RFC 4512 §2.4.2). */
const SUPERIORS: Readonly<Record<string, readonly string[]>> = {
  inetorgperson: ['organizationalPerson', 'person', 'top'],
};

function comparable(entry: Stored, attribute: string): readonly string[] {
  const values = valuesOf(entry, attribute);
  return same(attribute, 'objectClass')
    ? [...values, 'top', ...values.flatMap((each) => SUPERIORS[each.toLowerCase()] ?? [])]
    : values;
}

export function matches(filter: SearchFilter, entry: Stored): boolean {
  if ('all' in filter) return filter.all.every((each) => matches(each, entry));
  if ('any' in filter) return filter.any.some((each) => matches(each, entry));
  if ('not' in filter) return !matches(filter.not, entry);
  const { attribute, is, value: wanted } = filter;
  return comparable(entry, attribute).some((value) => {
    const [text, part] = [value.toLowerCase(), wanted.toLowerCase()];
    if (is === 'equal') return isEqual(value, wanted);
    return is === 'present' || (is === 'starts' ? text.startsWith(part) : text.includes(part));
  });
}

export const shownName = ({ name }: Stored): string => formatName(name);

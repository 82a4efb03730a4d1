import { same } from '../attributes.ts';
import { ASSERTION } from '../codec.ts';
import { isIn, type Name, parentOf, parseName } from '../name.ts';
import type { Values } from '../values.ts';
import type { Said, SeenRequest } from './messages.ts';
import { BIND } from './seed.ts';
import { add, entryOf, matches, modify, Refused, remove, rename, type Stored, shownName, type Tree } from './tree.ts';

export interface Answering {
  readonly tree: Tree;
  readonly isBound: boolean;
  readonly audit: (effect: string) => void;
}

/** What a directory does with one request; a refusal is its answer. */
export function answerRequest(answering: Answering, request: SeenRequest): Said {
  try {
    return done(answering, request);
  } catch (thrown) {
    if (thrown instanceof Refused) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
}

function done(answering: Answering, request: SeenRequest): Said {
  const { operation, dn, password } = request;
  if (operation === 'BIND') return { code: dn === BIND.dn && password === BIND.password ? 0 : 49 };
  if (operation === 'SEARCH' && dn === '') return SERVER;
  if (!answering.isBound) throw new Refused(50, 'nobody may do this');
  if (operation === 'SEARCH') return found(answering, request);
  write(answering, request);
  return { code: 0 };
}

const SERVER: Said = {
  code: 0,
  entries: [{ dn: '', attributes: [{ attribute: 'supportedControl', values: [ASSERTION] }] }],
};

function write({ tree, audit }: Answering, request: SeenRequest): void {
  const { operation, assertion } = request;
  const name = nameOf(request.dn);
  if (assertion !== undefined && !matches(assertion, entryOf(tree, name))) throw new Refused(122, 'assertion failed');
  switch (operation) {
    case 'ADD':
      add(tree, name, request.attributes ?? []);
      return audit('add');
    case 'MODIFY':
      modify(tree, name, request.changes ?? []);
      return audit('modify');
    case 'RENAME':
      rename(tree, name, newNameOf(name, request));
      return audit('modrdn');
    case 'DELETE':
      remove(tree, name);
      return audit('delete');
    case 'EXTENDED':
      if (request.password === undefined) throw new Refused(2, 'unsupported extended operation');
      modify(tree, name, [
        { operation: 'replace', attribute: 'userPassword', values: ['{SSHA}of-the-simulated-directory'] },
      ]);
      return audit('modify');
    default:
      throw new Refused(2, 'unsupported operation');
  }
}

function nameOf(dn: string): Name {
  const name = parseName(dn);
  if (name === undefined) throw new Refused(34, 'invalid DN');
  return name;
}

function newNameOf(name: Name, { newRdn = '', newSuperior = '' }: SeenRequest): Name {
  const [first] = nameOf(newRdn);
  return [first, ...(newSuperior === '' ? parentOf(name) : nameOf(newSuperior))];
}

function found({ tree }: Answering, { dn, search, page }: SeenRequest): Said {
  const base = entryOf(tree, nameOf(dn));
  if (search === undefined) throw new Refused(2, 'no search');
  const { filter, isBaseOnly, attributes } = search;
  const all = [...tree.values()].filter(
    (entry) => (isBaseOnly ? entry === base : isIn(entry.name, base.name)) && matches(filter, entry),
  );
  const from = Number(page?.cookie === '' ? 0 : (page?.cookie ?? 0));
  const to = page === undefined ? all.length : from + page.size;
  return {
    code: 0,
    entries: all.slice(from, to).map((entry) => ({ dn: shownName(entry), attributes: shown(entry, attributes) })),
    ...(page === undefined ? {} : { cookie: to < all.length ? String(to) : '' }),
  };
}

/** What was asked for by name, in the spelling of the schema. */
function shown(entry: Stored, asked: readonly string[]): readonly Values[] {
  return entry.attributes.filter(({ attribute }) => asked.some((one) => same(one, attribute)));
}

import { z } from 'zod';
import type { Effect, EffectKind } from '../../src/action/effect.ts';
import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';
import { READABLE } from './attributes.ts';
import type { Directory } from './directory.ts';
import { isBelow, isIn, keyOf, type Name, parseName } from './name.ts';
import type { LdapSettings } from './settings.ts';

/** The governed part of one directory. */
export interface Scope {
  readonly directory: Directory;
  readonly base: Name;
  readonly userBase: Name;
  readonly groupBase: Name;
  readonly server: LdapSettings['server'];
  readonly groupClass: LdapSettings['groupClass'];
  /** Keys of the groups whose members have rights over others. */
  readonly privileged: ReadonlySet<string>;
  /** Attributes that answers may hold. */
  readonly readable: readonly string[];
  readonly passwords: Readonly<Record<string, string>>;
}

export function scopeOf(settings: LdapSettings, directory: Directory): Scope {
  const { server, groupClass, passwords, attributes } = settings;
  return {
    directory,
    base: nameOf(settings.base),
    userBase: nameOf(settings.userBase),
    groupBase: nameOf(settings.groupBase),
    server,
    groupClass,
    privileged: new Set(settings.privilegedGroups.map((group) => keyOf(nameOf(group)))),
    readable: [...new Set([...READABLE, ...attributes])],
    passwords,
  };
}

/** What a schema has looked at already. */
export function nameOf(text: string): Name {
  const name = parseName(text);
  if (name === undefined) throw new TypeError('a name that no schema has looked at');
  return name;
}

const named = (base: Name, stands: typeof isIn) =>
  z.string().refine(
    (text) => {
      const name = parseName(text);
      return name !== undefined && stands(name, base);
    },
    // What looks at a name after this may rely on it.
    { error: 'a name as RFC 4514 writes it, below the base that the settings name', abort: true },
  );

/** The schemas of names, each of one part of the directory only: what is elsewhere is refused before anything is sent. */
export const userName = ({ userBase }: Scope) => named(userBase, isBelow);
export const groupName = ({ groupBase }: Scope) => named(groupBase, isBelow);
export const entryName = ({ base }: Scope) => named(base, isBelow);
/** Where entries can stand. */
export const placeName = ({ base }: Scope) => named(base, isIn);

export const RESOURCE_TYPES: Readonly<Record<ResourceType, Readonly<Record<string, 'String' | 'Long' | 'Bool'>>>> = {
  'Ldap::User': {},
  'Ldap::Group': { privileged: 'Bool' },
  'Ldap::Entry': {},
};
export const LABELS: readonly string[] = ['pii', 'security'];

export const user = (text: string): ResourceRef => ({ type: 'Ldap::User', id: keyOf(nameOf(text)) });

export function group({ privileged }: Scope, text: string): ResourceRef {
  const id = keyOf(nameOf(text));
  return { type: 'Ldap::Group', id, attributes: { privileged: privileged.has(id) } };
}

/** By where it stands, whatever operation touches it: a rule about users holds for every way to a user. */
export function refsOf(scope: Scope, text: string): readonly [ResourceRef, ...ResourceRef[]] {
  const name = nameOf(text);
  const entry: ResourceRef = { type: 'Ldap::Entry', id: keyOf(name) };
  return [
    entry,
    ...(isBelow(name, scope.userBase) ? [user(text)] : []),
    ...(isBelow(name, scope.groupBase) ? [group(scope, text)] : []),
  ];
}

interface Marks {
  readonly reversible?: Effect['reversible'];
  readonly privileged?: boolean;
  readonly external?: boolean;
  readonly count?: number;
}

/** An effect on the directory: privileged, by an operation to be taken back, and of one thing, unless it says otherwise. */
export function change(
  kind: EffectKind,
  { reversible = 'operation', privileged = true, external = false, count = 1 }: Marks = {},
): Effect {
  return { kind, reversible, external, privileged, count };
}

/** How many a group or a place may hold: nobody knows beforehand. */
export const ALL_OF_IT = 1_000_000;

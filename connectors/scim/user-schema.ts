import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import type { PatchStep } from './wire.ts';

const text = z.string().nullish();
const emails = z.array(z.object({ value: z.string(), type: text, primary: z.boolean().nullish() }));

/** The attributes of RFC 7643 §4.1 that are handed on. Extensions are stripped: nobody has classified them. */
export const userOutput = z.object({
  id: z.string(),
  externalId: text,
  userName: z.string(),
  displayName: text,
  title: text,
  userType: text,
  active: z.boolean().nullish(),
  name: z.object({ givenName: text, familyName: text }).nullish(),
  emails: emails.nullish(),
});
export type User = z.output<typeof userOutput>;

/** Booleans that came as text are booleans (Entra's dialect). */
export function readUser(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  return typeof body['active'] === 'string' ? { ...body, active: body['active'].toLowerCase() === 'true' } : body;
}

export function parseUser(body: unknown): User | undefined {
  return userOutput.safeParse(readUser(body)).data;
}

/** The attributes that can be changed one by one, and where they stand. */
export const PATHS = {
  userName: 'userName',
  displayName: 'displayName',
  title: 'title',
  userType: 'userType',
  givenName: 'name.givenName',
  familyName: 'name.familyName',
} as const;
export type Attribute = keyof typeof PATHS;
export const ATTRIBUTES = Object.keys(PATHS) as readonly Attribute[]; // they are its keys

/** Null clears an attribute. */
export type Changes = Readonly<Partial<Record<Attribute, string | null>>>;

/** What an attribute holds; null for nothing. */
export function heldIn(user: User, attribute: Attribute): string | null {
  const held = attribute === 'givenName' || attribute === 'familyName' ? user.name?.[attribute] : user[attribute];
  return held ?? null;
}

export function stepsOf(changes: Changes): readonly PatchStep[] {
  return ATTRIBUTES.flatMap((attribute): readonly PatchStep[] => {
    const value = changes[attribute];
    if (value === undefined) return [];
    return [
      value === null ? { op: 'remove', path: PATHS[attribute] } : { op: 'replace', path: PATHS[attribute], value },
    ];
  });
}

/** The whole resource with some attributes changed, for servers that only replace. */
export function replaced(whole: JsonObject, changes: Readonly<Record<string, Json>>): JsonObject {
  // What the service keeps for itself does not go back; a formatted name would contradict its parts.
  const { meta: _, password: _password, name, ...rest } = whole;
  const { formatted: _formatted, ...held } = isJsonObject(name) ? name : {};
  const { givenName, familyName, ...plain } = changes;
  const isRenamed = givenName !== undefined || familyName !== undefined;
  const parts = isRenamed
    ? given({
        ...held,
        ...(givenName === undefined ? {} : { givenName }),
        ...(familyName === undefined ? {} : { familyName }),
      })
    : name;
  return given({ ...rest, ...plain, ...(parts === undefined ? {} : { name: parts }) });
}

function given(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null),
  );
}

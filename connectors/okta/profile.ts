import type { JsonObject } from '../../src/lib/json.ts';

type Profile = Readonly<Record<string, string | null | undefined>>;

/** Every domain under which a user with these addresses signs in or is written to, for policies on who is "ours". */
export function domainsOf(profile: Profile): string[] {
  const addresses = ['login', 'email', 'secondEmail']
    .map((field) => profile[field])
    .filter((address) => typeof address === 'string');
  return [...new Set(addresses.map(domainOf))].sort();
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Whether `actual` has each value that `wanted` names; null and absent are the same. */
export function holds(actual: Profile, wanted: Profile): boolean {
  return Object.entries(wanted).every(([field, value]) => (actual[field] ?? null) === (value ?? null));
}

export function asJson(profile: Profile): JsonObject {
  return Object.fromEntries(
    Object.entries(profile).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  );
}

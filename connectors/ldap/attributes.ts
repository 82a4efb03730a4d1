/** An attribute by its name (RFC 4512 §1.4), without options: `cn;lang-de` would be another one for policies. */
const DESCRIPTION = /^[a-z][a-z0-9-]{0,60}$/i;

/** What a directory keeps that lets somebody in, by any of the names that servers have for it. */
const SECRETS =
  /pass(?:word|wd|phrase)|pwd(?!changedtime$|accountlockedtime$|reset$|lastset$)|secret|credential|private|pkcs12|hash|^krb.*key|keytab|^samba.*(?:nt|lm)|otp|token|recovery|pin$|^ms-mcs|laps|supplemental/i;

/** Whether it may be named: an attribute, and none that holds a secret. */
export const isOpen = (attribute: string): boolean => DESCRIPTION.test(attribute) && !neverRead(attribute);

/** A secret is neither read nor written nor searched by: a filter that asks for its first letter reads it, too. */
export const neverRead = (attribute: string): boolean => SECRETS.test(attribute);

/** What profiles hold (RFC 2798, RFC 4519). */
export const PROFILE = [
  'cn',
  'sn',
  'givenName',
  'initials',
  'displayName',
  'telephoneNumber',
  'mobile',
  'roomNumber',
  'street',
  'l',
  'postalCode',
  'preferredLanguage',
  'description',
] as const;

/** Applications and people go by them when they grant something; `mail` is where links for a new password go. */
export const STANDING = ['title', 'employeeType', 'employeeNumber', 'departmentNumber', 'ou', 'o', 'manager'] as const;

/** Who an account is on machines (RFC 2307), and where its letters go. */
export const IDENTITY = ['mail', 'uidNumber', 'gidNumber', 'homeDirectory', 'loginShell'] as const;

export const WRITABLE = [...PROFILE, ...STANDING, ...IDENTITY] as const;
export type Writable = (typeof WRITABLE)[number];

export const READABLE: readonly string[] = ['uid', 'objectClass', ...WRITABLE];

export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

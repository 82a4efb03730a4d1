import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';
import { isOpen, neverRead } from './attributes.ts';
import { isIn, parseName } from './name.ts';

const name = z.string().refine((text) => parseName(text) !== undefined, {
  error: 'a name as RFC 4514 writes it, of cn, uid, ou, o, dc, l, st and c: `ou=people,dc=example,dc=com`',
});

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the address has a host, and nothing but a host and a port. */
function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['ldap:', 'ldaps:'].includes(url.protocol) || url.hostname === '') return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' && url.pathname.length < 2;
}

/** One LDAPv3 directory, and the part of it that is governed. */
export const ldapSettings = z
  .strictObject({
    /** `ldaps://host[:port]`; `ldap://` with StartTLS, or on loopback. */
    url: z.string().refine(isAddress, { error: 'an address as ldaps://host or ldap://host:port' }),
    startTls: z.boolean().default(false),
    /** A file of PEM certificates, from the configuration's folder; default: those that Node trusts. */
    certificateAuthority: z.string().min(1).optional(),
    bindDn: z.string().min(1),
    password: secretReference(),
    /** Nothing that is not below it is read or written. */
    base: name,
    /** Where users and groups stand, below the base or the base itself. */
    userBase: name,
    groupBase: name,
    server: z.enum(['openldap', '389ds', 'active-directory']).default('openldap'),
    /** `groupOfUniqueNames` and `posixGroup` keep their members in other attributes. */
    groupClass: z.enum(['groupOfNames', 'groupOfUniqueNames', 'posixGroup', 'group']).default('groupOfNames'),
    /** Whoever is in one of these has rights over others. */
    privilegedGroups: z.array(name).max(100).default([]),
    /** Attributes that may be read besides those that every user and group has. */
    attributes: z.array(z.string().refine(isOpen)).max(50).default([]),
    /** Passwords that a reset may set, by a name that agents may know. */
    passwords: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), secretReference()).default({}),
  })
  .refine(
    ({ url, startTls }) => startTls || url.startsWith('ldaps:') || LOOPBACK.test(URL.parse(url)?.hostname ?? ''),
    {
      error: 'ldap:// without startTls is for loopback only: the password would go over the network as it is',
    },
  )
  .refine(({ url, startTls }) => !(startTls && url.startsWith('ldaps:')), { error: 'ldaps:// needs no startTls' })
  .refine(({ attributes }) => !attributes.some(neverRead), { error: 'an attribute that holds a secret is never read' })
  .refine(({ base, userBase, groupBase }) => [userBase, groupBase].every((place) => standsIn(place, base)), {
    error: 'userBase and groupBase are the base or below it',
  });
export type LdapSettings = z.output<typeof ldapSettings>;

function standsIn(place: string, base: string): boolean {
  const [inner, outer] = [parseName(place), parseName(base)];
  return inner !== undefined && outer !== undefined && isIn(inner, outer);
}

import { join } from 'node:path';
import { openLdapWire } from '../../../connectors/ldap/simulator/ldap-wire.ts';
import { BASE, BIND, LOCKED, SEED, seedSettings } from '../../../connectors/ldap/simulator/seed.ts';
import type { AuditEntry, Simulate } from '../../../src/connector/contract.ts';
import { prepareSlapd, type SlapdServer, type SlapdTemplate } from '../../support/slapd-server.ts';

const POLICY = `cn=default,ou=policies,${BASE}`;

interface LdifEntry {
  readonly dn: string;
  readonly attributes: readonly { readonly attribute: string; readonly values: readonly string[] }[];
}

/** What the connector signs in as, and what makes a lock count. */
const OWN: readonly LdifEntry[] = [
  {
    dn: BIND.dn,
    attributes: [
      { attribute: 'objectClass', values: ['organizationalRole', 'simpleSecurityObject'] },
      { attribute: 'cn', values: ['interlock'] },
      { attribute: 'userPassword', values: [BIND.password] },
    ],
  },
  {
    dn: `ou=policies,${BASE}`,
    attributes: [
      { attribute: 'objectClass', values: ['organizationalUnit'] },
      { attribute: 'ou', values: ['policies'] },
    ],
  },
  {
    dn: POLICY,
    attributes: [
      { attribute: 'objectClass', values: ['device', 'pwdPolicy'] },
      { attribute: 'cn', values: ['default'] },
      { attribute: 'pwdAttribute', values: ['userPassword'] },
      { attribute: 'pwdLockout', values: ['TRUE'] },
    ],
  },
];

/** The seed as LDIF (RFC 2849): every value of it is plain. */
function ldif(): string {
  const [base, ...rest] = SEED;
  return [base, ...OWN, ...rest]
    .map((entry) => {
      if (entry === undefined) return '';
      const locked = LOCKED.filter(({ dn }) => dn === entry.dn).map(({ change }) => change);
      const lines = [...entry.attributes, ...locked].flatMap(({ attribute, values }) =>
        values.map((value) => `${attribute}: ${value}`),
      );
      return [`dn: ${entry.dn}`, ...lines].join('\n');
    })
    .join('\n\n');
}

export const CERTIFICATE = {
  file: join(import.meta.dirname, 'localhost.pem'),
  keyFile: join(import.meta.dirname, 'localhost-key.pem'),
};

export const prepareDirectory = (certificate?: typeof CERTIFICATE): SlapdTemplate =>
  prepareSlapd({ suffix: BASE, writer: BIND.dn, policy: POLICY, ldif: ldif(), certificate });

/** One block of the server's audit log begins with a comment that names the change, and its entry follows. */
const BLOCK = /^# (add|modify|modrdn|delete) (\d+) [^\n]*\ndn: ([^\n]*)/gm;

export function auditOf(server: SlapdServer): readonly AuditEntry[] {
  return [...server.auditLog().matchAll(BLOCK)].map(([, effect = '', at = '', target = '']) => ({
    at: Number(at) * 1_000,
    call: effect,
    effect,
    target,
  }));
}

/** A real directory with the same entries in the place of the simulated one. */
export function simulateSlapd(template: SlapdTemplate): Simulate {
  return async () => {
    const codec = await import('ldapts');
    const server = await template.start();
    const origin = `ldap://127.0.0.1:${server.port}`;
    return {
      origin,
      settings: seedSettings(origin),
      openWire: (options) => openLdapWire(codec, options),
      audit: () => auditOf(server),
      fail: () => {
        throw new Error('a real server does not fail on request');
      },
      close: () => server.stop(),
    };
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import ldap from '../../../connectors/ldap/index.ts';
import { BASE, groupDn, USERS, userDn } from '../../../connectors/ldap/simulator/seed.ts';
import { simulateLdap } from '../../../connectors/ldap/simulator/simulate-ldap.ts';
import type { Wire } from '../../../src/connector/conformance/wire.ts';
import type { Simulate } from '../../../src/connector/contract.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { governConnector } from '../../support/governed-connector.ts';
import { hasSlapd } from '../../support/slapd-server.ts';
import { prepareDirectory, simulateSlapd } from './real-directory.ts';

const ada = userDn('ada');
const MARY = {
  dn: userDn('mary'),
  set: ['cn', 'sn'].map((attribute) => ({ attribute, values: ['Mary'] })),
};
const template = hasSlapd ? prepareDirectory() : undefined;
afterAll(() => template?.remove());
const DIRECTORIES = [
  { what: 'the simulated directory', simulate: simulateLdap },
  ...(template === undefined ? [] : [{ what: 'a real OpenLDAP', simulate: simulateSlapd(template) }]),
];

const PAGE = readFileSync(join(import.meta.dirname, '../../../connectors/ldap/README.md'), 'utf8');
/** The policies of the connector's own page, and one about what nobody can foresee. */
const POLICIES = `${/```cedar\n(.*?)```/s.exec(PAGE)?.[1] ?? ''}
@id("raw") @title("Nothing is changed whose effect nobody knows.")
forbid (principal, action in Action::"write", resource)
when { context.effect.kind == "execute" };`;

/** Longer than any look-up takes. */
const FACTS_MS = 15_000;

/** With a line in between that can be cut. */
function onTheWire(simulate: Simulate) {
  const wires: Wire[] = [];
  const proxied: Simulate = async (options) => {
    const simulator = await simulate(options);
    const { origin: upstream, openWire, settings } = simulator;
    const wire = await openWire?.({ upstream, countEffects: () => simulator.audit().length });
    if (wire === undefined) throw new Error('a directory without a wire');
    wires.push(wire);
    const close = () => wire.close().then(() => simulator.close());
    return { ...simulator, settings: { ...settings, url: wire.origin }, close };
  };
  return { simulate: proxied, interfere: (choose: Parameters<Wire['interfere']>[0]) => wires[0]?.interfere(choose) };
}

describe.each(DIRECTORIES)('on $what', ({ simulate }) => {
  const governed = () => governConnector({ ...ldap, simulate }, POLICIES);

  test.each([
    ['as it is', groupDn('admins')],
    ['in capitals', groupDn('admins').toUpperCase()],
    ['with an escape', groupDn('\\61dmins')],
  ])('the group of the administrators, written %s, is held for a human; another one is not', async (_what, dn) => {
    const { run, effects } = await governed();
    expect(await run('ldap.group.add-members', { dn, members: [ada] })).toMatchObject({
      decision: 'step_up',
      reasons: [{ policy: 'ldap-privileged-groups-need-approval' }],
    });
    expect(effects()).toEqual([]);
    expect(await run('ldap.group.add-members', { dn: groupDn('finance'), members: [ada] })).toMatchObject({
      decision: 'allow',
      outcome: { status: 'succeeded', result: { changed: [ada] } },
    });
    expect(effects()).toEqual(['modify']);
  });

  test.each(['ldap.user.delete', 'ldap.entry.delete', 'ldap.user.disable'])(
    '%s of an administrator is denied by what the directory says of it; of somebody else it is done',
    async (operation) => {
      const { run, action, effects } = await governed();
      const settled = async (dn: string) => {
        const answer = await run(operation, { dn });
        return answer.decision === 'defer' ? action(answer.id, FACTS_MS) : answer;
      };
      expect(await settled(userDn('grace'))).toMatchObject({ decision: 'deny' });
      expect(effects()).toEqual([]);
      expect(await settled(ada)).toMatchObject({
        decision: 'allow',
        outcome: { status: 'succeeded' },
      });
      expect(effects()).toHaveLength(1);
    },
  );

  test('a raw change is the worst that there is; the same change as an update is what it is', async () => {
    const { run, effects } = await governed();
    const changes = [{ operation: 'replace', attribute: 'displayName', values: ['Countess'] }];
    expect(await run('ldap.entry.modify', { dn: ada, changes })).toMatchObject({
      decision: 'deny',
      reasons: [{ policy: 'raw' }],
    });
    expect(effects()).toEqual([]);
    const set = [{ attribute: 'displayName', values: ['Countess'] }];
    expect(await run('ldap.user.update', { dn: ada, set })).toMatchObject({
      decision: 'allow',
      outcome: { status: 'succeeded' },
    });
    expect(effects()).toEqual(['modify']);
  });

  test('what is outside the base, or no name at all, is refused before it is decided', async () => {
    const { run, effects } = await governed();
    for (const dn of [
      'uid=ada,dc=other,dc=com',
      'commonName=admins,ou=groups,dc=example,dc=com',
      `uid=ada,${USERS.replace(',', ', ')}`,
      BASE,
    ])
      await expect(run('ldap.entry.delete', { dn })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(effects()).toEqual([]);
  });

  test.each<readonly [string, JsonObject, string, 'after' | 'instead', string]>([
    ['ldap.user.create', MARY, 'ADD', 'after', 'succeeded'],
    ['ldap.user.create', MARY, 'ADD', 'instead', 'failed'],
    ['ldap.group.add-members', { dn: groupDn('finance'), members: [ada] }, 'MODIFY', 'after', 'succeeded'],
    ['ldap.group.add-members', { dn: groupDn('finance'), members: [ada] }, 'MODIFY', 'instead', 'failed'],
    ['ldap.user.move', { dn: ada, under: `ou=former,${USERS}` }, 'RENAME', 'after', 'succeeded'],
    ['ldap.group.delete', { dn: groupDn('finance') }, 'DELETE', 'after', 'succeeded'],
    ['ldap.group.delete', { dn: groupDn('finance') }, 'DELETE', 'instead', 'failed'],
  ])(
    '%s (%$), the line cut: unknown, and then settled by reading back',
    async (operation, input, method, when, status) => {
      const line = onTheWire(simulate);
      const { run, action, effects } = await governConnector({ ...ldap, simulate: line.simulate }, '');
      line.interfere((call) => (call.method === method ? { when, answer: 'reset' } : undefined));
      const answer = await run(operation, input);
      expect(answer).toMatchObject({ decision: 'allow', outcome: { status: 'unknown' } });
      line.interfere(undefined);
      await vi.waitFor(async () => expect(await action(answer.id)).toMatchObject({ outcome: { status } }), 10_000);
      expect(effects()).toHaveLength(when === 'after' ? 1 : 0);
    },
  );
});

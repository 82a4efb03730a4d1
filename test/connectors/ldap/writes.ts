import { BASE, BIND, groupDn, USERS, userDn } from '../../../connectors/ldap/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

const ada = userDn('ada');
const former = `ou=former,${USERS}`;

/** One call, and what the server and its own tools then show. */
export interface Written {
  readonly operation: string;
  readonly input: JsonObject;
  readonly effect: string;
  /** Lines that ldapsearch shows afterwards, by entry; null: there is no such entry. */
  readonly shows: Readonly<Record<string, readonly string[] | null>>;
  readonly hides?: Readonly<Record<string, readonly string[]>>;
}

const finance = groupDn('finance');
export const WRITES: readonly Written[] = [
  {
    operation: 'user.create',
    input: {
      dn: userDn('mary'),
      set: [
        { attribute: 'cn', values: ['Mary Jackson'] },
        { attribute: 'sn', values: ['Jackson'] },
        { attribute: 'uidNumber', values: ['4711'] },
        { attribute: 'gidNumber', values: ['100'] },
        { attribute: 'homeDirectory', values: ['/home/mary'] },
      ],
    },
    effect: `add ${userDn('mary')}`,
    shows: {
      [userDn('mary')]: [
        'objectClass: inetOrgPerson',
        'objectClass: posixAccount',
        'uid: mary',
        'cn: Mary Jackson',
        'uidNumber: 4711',
        'structuralObjectClass: inetOrgPerson',
      ],
    },
    hides: { [userDn('mary')]: ['userPassword'] },
  },
  {
    operation: 'user.update',
    input: {
      dn: ada,
      set: [
        { attribute: 'title', values: ['Countess'] },
        { attribute: 'givenName', values: [] },
      ],
    },
    effect: `modify ${ada}`,
    shows: { [ada]: ['title: Countess', 'sn: Lovelace', `modifiersName: ${BIND.dn}`] },
    hides: { [ada]: ['givenName:'] },
  },
  {
    operation: 'user.rename',
    input: { dn: ada, name: 'augusta' },
    effect: `modrdn ${ada}`,
    shows: { [ada]: null, [userDn('augusta')]: ['uid: augusta'] },
    hides: { [userDn('augusta')]: ['uid: ada'] },
  },
  {
    operation: 'user.move',
    input: { dn: ada, under: former },
    effect: `modrdn ${ada}`,
    shows: { [ada]: null, [`uid=ada,${former}`]: ['uid: ada', 'mail: ada@example.com'] },
  },
  {
    operation: 'entry.move',
    input: { dn: former, under: BASE },
    effect: `modrdn ${former}`,
    shows: { [former]: null, [`ou=former,${BASE}`]: ['ou: former'] },
  },
  {
    operation: 'user.disable',
    input: { dn: ada },
    effect: `modify ${ada}`,
    shows: { [ada]: ['pwdAccountLockedTime: 000001010000Z'] },
  },
  {
    operation: 'user.enable',
    input: { dn: userDn('edsger') },
    effect: `modify ${userDn('edsger')}`,
    shows: { [userDn('edsger')]: ['uid: edsger'] },
    hides: { [userDn('edsger')]: ['pwdAccountLockedTime'] },
  },
  {
    operation: 'group.create',
    input: { dn: groupDn('auditors'), members: [ada], description: 'They look.' },
    effect: `add ${groupDn('auditors')}`,
    shows: {
      [groupDn('auditors')]: ['cn: auditors', `member: ${ada}`, 'description: They look.', 'objectClass: groupOfNames'],
    },
  },
  {
    operation: 'group.add-members',
    input: { dn: finance, members: [ada, userDn('barbara')] },
    effect: `modify ${finance}`,
    shows: { [finance]: [`member: ${ada}`, `member: ${userDn('barbara')}`] },
  },
  {
    operation: 'group.remove-members',
    input: { dn: groupDn('engineering'), members: [userDn('alan'), ada] },
    effect: `modify ${groupDn('engineering')}`,
    shows: { [groupDn('engineering')]: [`member: ${userDn('barbara')}`] },
    hides: { [groupDn('engineering')]: [`member: ${userDn('alan')}`] },
  },
  {
    operation: 'entry.modify',
    input: {
      dn: ada,
      changes: [
        { operation: 'add', attribute: 'roomNumber', values: ['42', '43'] },
        { operation: 'delete', attribute: 'roomNumber', values: ['42'] },
      ],
    },
    effect: `modify ${ada}`,
    shows: { [ada]: ['roomNumber: 43'] },
    hides: { [ada]: ['roomNumber: 42'] },
  },
  {
    operation: 'user.delete',
    input: { dn: ada },
    effect: `delete ${ada}`,
    shows: { [ada]: null, [userDn('alan')]: ['uid: alan'] },
  },
  { operation: 'group.delete', input: { dn: finance }, effect: `delete ${finance}`, shows: { [finance]: null } },
  { operation: 'entry.delete', input: { dn: former }, effect: `delete ${former}`, shows: { [former]: null } },
];

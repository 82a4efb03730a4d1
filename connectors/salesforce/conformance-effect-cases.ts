import type { EffectCase } from '../../src/connector/conformance/fixtures.ts';
import { SEED } from './simulator/seed.ts';

const { users, accounts, deleted, leads } = SEED;

/** An object of each class, with a field that may be written. */
const OBJECTS = {
  shown: { object: 'FeedItem', fields: { Body: 'Hello' } },
  security: { object: 'GroupMember', fields: { GroupId: SEED.groups.everyone } },
  unknown: { object: 'ApexTrigger', fields: { Body: 'trigger' } },
} as const;

/** What writing such an object does, whatever operation does it. */
const EFFECT_OF = {
  shown: { kind: 'communicate', reversible: 'no', external: true, privileged: false },
  security: { kind: 'privilege', reversible: 'no', external: false, privileged: true },
  unknown: { kind: 'execute', reversible: 'no', external: true, privileged: true },
} as const;

const { id: key, ...named } = { id: accounts.acme, externalIdField: 'Key__c', externalId: 'K-1' };

/** Every operation that takes any object, with an input for one of this class. */
function casesOf(kind: keyof typeof OBJECTS): readonly EffectCase[] {
  const { object, fields } = OBJECTS[kind];
  const effect = { ...EFFECT_OF[kind], count: 1 };
  const inputs: Readonly<Record<string, EffectCase['input']>> = {
    'record.create': { object, fields },
    'record.update': { object, id: key, fields },
    'record.upsert': { object, ...named, fields },
    'record.delete': { object, id: key },
    'collection.create': { object, records: [fields] },
    'collection.update': { object, records: [{ id: key, fields }] },
    'collection.delete': { object, ids: [key] },
    'bulk-job.run': { object, action: 'insert', rows: [fields] },
  };
  return Object.entries(inputs).map(([name, input]) => ({ operation: `salesforce.${name}`, input, effect }));
}

const user = (fields: EffectCase['input']) => ({ object: 'User', id: users.ada, fields });
const update = (fields: EffectCase['input'], effect: EffectCase['effect']): EffectCase => ({
  operation: 'salesforce.record.update',
  input: user(fields),
  effect,
});
const job = (input: EffectCase['input'], effect: EffectCase['effect']): EffectCase => ({
  operation: 'salesforce.bulk-job.run',
  input: { object: 'Account', ...input },
  effect: { count: 1, ...effect },
});

/** Further inputs, described and not run. */
export const EFFECT_CASES: readonly EffectCase[] = [
  ...casesOf('shown'),
  ...casesOf('security'),
  ...casesOf('unknown'),
  update({ Title: 'Countess' }, { kind: 'update', privileged: false }),
  update({ Title: 'Countess', UserRoleId: null }, { kind: 'privilege' }),
  update({ IsActive: false }, { kind: 'privilege' }),
  update({ Email: 'eve@evil.example' }, { kind: 'privilege' }),
  update({ Some_New_Field__c: 1 }, { kind: 'privilege' }),
  {
    operation: 'salesforce.record.create',
    input: { object: 'invoice__c', fields: { Name: 'I-1' } },
    effect: { kind: 'create', privileged: false },
    when: 'of a custom object that the operator has named',
  },
  {
    operation: 'salesforce.record.create',
    input: { object: 'Salary__c', fields: { Name: 'S-1' } },
    effect: { kind: 'execute' },
    when: 'of any other custom object',
  },
  {
    operation: 'salesforce.record.undelete',
    input: { object: 'ApexClass', id: accounts.acme },
    effect: { kind: 'execute', reversible: 'no' },
  },
  {
    operation: 'salesforce.recycle-bin.empty',
    input: { ids: [deleted.contact] },
    effect: { kind: 'delete', count: 1 },
  },
  {
    operation: 'salesforce.lead.convert',
    input: { leadId: leads.yosemite, convertedStatus: 'Closed', opportunity: false },
    effect: { kind: 'update', count: 3 },
  },
  {
    operation: 'salesforce.collection.create',
    input: { object: 'Task', records: [{ Subject: 'One' }] },
    effect: { kind: 'create', count: 1 },
  },
  {
    operation: 'salesforce.collection.update',
    input: { object: 'Task', records: [{ id: key, fields: { Subject: 'One' } }] },
    effect: { kind: 'update', count: 1 },
  },
  {
    operation: 'salesforce.collection.delete',
    input: { object: 'Task', ids: [key] },
    effect: { kind: 'delete', count: 1 },
  },
  {
    operation: 'salesforce.email.send',
    input: { to: ['ada@example.com'], subject: 'Hello', body: 'News' },
    effect: { kind: 'communicate', count: 1 },
  },
  job({ action: 'insert', rows: [{ Name: 'One' }] }, { kind: 'create', reversible: 'no' }),
  job({ action: 'update', ids: [key], rows: [{ Name: 'One' }] }, { kind: 'update', reversible: 'no' }),
  job({ action: 'upsert', externalIdField: 'Key__c', rows: [{ Key__c: 'K-1' }] }, { kind: 'update', reversible: 'no' }),
  job({ action: 'delete', ids: [key] }, { kind: 'delete', reversible: 'window', privileged: false }),
  job({ action: 'hardDelete', ids: [key] }, { kind: 'delete', reversible: 'no', privileged: true }),
];

import { z } from 'zod';
import { type Effect, type EffectKind, WORST_EFFECT } from '../../src/action/effect.ts';
import { type Fields, lowerCase } from './fields.ts';

export type Verb = 'create' | 'update' | 'upsert' | 'delete';
type ObjectClass = 'data' | 'shown' | 'user' | 'security' | 'unknown';

const setOf = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map(lowerCase));

/** What people who sell and help work with all day. */
const DATA = setOf(
  'Account',
  'Asset',
  'Campaign',
  'CampaignMember',
  'Case',
  'Contact',
  'Contract',
  'Event',
  'Lead',
  'Note',
  'Opportunity',
  'OpportunityContactRole',
  'OpportunityLineItem',
  'Product2',
  'Task',
);

/** What is sent or shown to others as soon as it is written. */
const SHOWN = setOf('CaseComment', 'EmailMessage', 'FeedComment', 'FeedItem');

/**
 * What decides who may do what. Everything that is in none of these sets (Apex code, triggers, flows, custom metadata,
 * platform events, objects of other packages) counts as the worst that is possible.
 */
const SECURITY = setOf(
  'FieldPermissions',
  'Group',
  'GroupMember',
  'MutingPermissionSet',
  'ObjectPermissions',
  'PermissionSet',
  'PermissionSetAssignment',
  'PermissionSetGroup',
  'PermissionSetGroupComponent',
  'PermissionSetLicenseAssign',
  'Profile',
  'ProcessInstance',
  'ProcessInstanceWorkitem',
  'QueueSobject',
  'SetupEntityAccess',
  'TwoFactorInfo',
  'UserLogin',
  'UserRole',
);

/** Fields of a user that say nothing of what the user may do, nor where mail to the user goes. */
const HARMLESS_USER_FIELDS = setOf(
  'AboutMe',
  'City',
  'CompanyName',
  'Country',
  'Department',
  'Division',
  'EmployeeNumber',
  'Extension',
  'Phone',
  'PostalCode',
  'State',
  'Street',
  'Title',
);

const ORDINARY: Effect = { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 };
const PRIVILEGE: Effect = { kind: 'privilege', reversible: 'no', external: false, privileged: true, count: 1 };

/** Whether an object's rows are plain data, known to be so by us or by the operator. */
export function classOf(object: string, dataObjects: readonly string[]): ObjectClass {
  const name = lowerCase(object);
  if (name === 'user') return 'user';
  if (DATA.has(name) || dataObjects.some((known) => lowerCase(known) === name)) return 'data';
  if (SHOWN.has(name)) return 'shown';
  // Rows that share a record with somebody: AccountShare, Invoice__Share.
  return SECURITY.has(name) || name.endsWith('share') ? 'security' : 'unknown';
}

/** The worst that writing these fields of this object does, without the automation that an org has built around it. */
export function objectEffect(
  verb: Verb,
  { object, fields }: { readonly object: string; readonly fields: Fields },
  dataObjects: readonly string[],
): Effect {
  switch (classOf(object, dataObjects)) {
    case 'unknown':
      return WORST_EFFECT;
    case 'security':
      return PRIVILEGE;
    case 'user':
      return verb === 'update' && isHarmlessForUser(fields) ? ORDINARY : PRIVILEGE;
    case 'shown':
      return { ...verbEffect(verb), kind: 'communicate', reversible: 'no', external: true };
    case 'data':
      return verbEffect(verb);
  }
}

function isHarmlessForUser(fields: Fields): boolean {
  return Object.keys(fields).every((name) => HARMLESS_USER_FIELDS.has(lowerCase(name)));
}

function verbEffect(verb: Verb): Effect {
  switch (verb) {
    case 'create':
      return { ...ORDINARY, kind: 'create' };
    case 'update':
      return ORDINARY;
    case 'upsert':
      // Nobody knows beforehand whether there is such a record; what it held before is not read.
      return { ...ORDINARY, reversible: 'no' };
    case 'delete':
      return { ...ORDINARY, kind: 'delete', reversible: 'window' };
    default:
      return verb satisfies never;
  }
}

/** Every kind of effect that `objectEffect` can answer for these verbs. */
export function effectKindsOf(verb: Verb): readonly [EffectKind, ...EffectKind[]] {
  return [verbEffect(verb).kind, 'communicate', 'privilege', 'execute'];
}

/** What reading rows of this object exposes to: text of customers, people's data, who may do what. */
export function labelsOf(object: string, dataObjects: readonly string[]): readonly string[] {
  switch (classOf(object, dataObjects)) {
    case 'user':
      return ['pii', 'security'];
    case 'security':
      return ['security'];
    // Leads come from web forms, cases from mail: outsiders write in every one of them.
    case 'data':
    case 'shown':
      return ['crm', 'pii', 'untrusted'];
    case 'unknown':
      return ['crm', 'pii', 'security', 'untrusted'];
  }
}

/** What a policy can ask of any write: the object in lower case, and whether its rows decide who may do what. */
export function objectFacets(dataObjects: readonly string[]) {
  return {
    schema: z.object({ lowerCaseObject: z.string(), objectClass: z.string() }),
    of: ({ object }: { readonly object: string }) => ({
      lowerCaseObject: lowerCase(object),
      objectClass: classOf(object, dataObjects),
    }),
  };
}

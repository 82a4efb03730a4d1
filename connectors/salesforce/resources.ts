import type { ResourceRef } from '../../src/action/resource.ts';
import { lowerCase } from './fields.ts';

export const RESOURCE_TYPES = {
  'Salesforce::SalesforceRecord': { object: 'String' },
  'Salesforce::SObject': {},
  'Salesforce::User': {},
  'Salesforce::PermissionSet': {},
  'Salesforce::Job': {},
  'Salesforce::Org': {},
} as const;

export const LABELS = ['crm', 'pii', 'security', 'untrusted'] as const;

/** A user is a resource of its own kind, by whatever operation it is reached. */
export function recordRef(object: string, id: string): ResourceRef {
  const name = lowerCase(object);
  if (name === 'user') return userRef(id);
  return { type: 'Salesforce::SalesforceRecord', id, attributes: { object: name } };
}

export function userRef(id: string): ResourceRef {
  return { type: 'Salesforce::User', id };
}

export function objectRef(object: string): ResourceRef {
  return { type: 'Salesforce::SObject', id: lowerCase(object) };
}

export function orgRef(): ResourceRef {
  return { type: 'Salesforce::Org', id: 'org' };
}

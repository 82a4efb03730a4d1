import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { lowerCase } from '../fields.ts';

export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;

/** Everything that one simulated org knows. */
export interface SimulatedOrg {
  /** By object as it is written, then by id. */
  readonly tables: Map<string, Map<string, Row>>;
  /** What was deleted and can still be restored. */
  readonly bin: Map<string, { readonly object: string; readonly row: Row }>;
  readonly jobs: Map<string, BulkJob>;
  /** The rest of results that had more than one page, by locator. */
  readonly cursors: Map<
    string,
    { readonly rows: readonly Row[]; readonly fields: readonly string[]; readonly total: number }
  >;
  requests: number;
}

export interface BulkJob {
  readonly id: string;
  readonly object: string;
  readonly operation: string;
  readonly externalIdFieldName: string | undefined;
  state: 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete';
  csv: string;
  processed: number;
  failed: number;
}

interface ObjectDefinition {
  /** The first three characters of its ids. */
  readonly prefix: string;
  readonly fields: readonly string[];
  readonly required: readonly string[];
}

/** The objects of the simulated org, with the fields that it knows. */
export const OBJECTS: Readonly<Record<string, ObjectDefinition>> = {
  Account: {
    prefix: '001',
    fields: [
      'Name',
      'Industry',
      'Description',
      'AnnualRevenue',
      'OwnerId',
      'Interlock_Action__c',
      'Customer_Number__c',
    ],
    required: ['Name'],
  },
  Contact: { prefix: '003', fields: ['LastName', 'FirstName', 'Email', 'AccountId'], required: ['LastName'] },
  Opportunity: { prefix: '006', fields: ['Name', 'StageName', 'Amount', 'CloseDate'], required: ['Name', 'StageName'] },
  Lead: {
    prefix: '00Q',
    fields: [
      'LastName',
      'Company',
      'Status',
      'IsConverted',
      'ConvertedAccountId',
      'ConvertedContactId',
      'ConvertedOpportunityId',
    ],
    required: ['LastName', 'Company'],
  },
  Case: { prefix: '500', fields: ['Subject', 'Status', 'Description', 'ContactId'], required: [] },
  Task: { prefix: '00T', fields: ['Subject', 'Status', 'WhoId'], required: [] },
  FeedItem: { prefix: '0D5', fields: ['ParentId', 'Body'], required: ['ParentId'] },
  User: {
    prefix: '005',
    fields: ['Username', 'Email', 'Title', 'IsActive', 'ProfileId', 'UserRoleId', 'LastName', 'Department'],
    required: ['Username', 'LastName', 'ProfileId'],
  },
  UserLogin: { prefix: '0Yw', fields: ['UserId', 'IsFrozen', 'IsPasswordLocked'], required: ['UserId'] },
  Profile: { prefix: '00e', fields: ['Name'], required: ['Name'] },
  PermissionSet: { prefix: '0PS', fields: ['Name', 'Label'], required: ['Name'] },
  PermissionSetAssignment: {
    prefix: '0Pa',
    fields: ['AssigneeId', 'PermissionSetId'],
    required: ['AssigneeId', 'PermissionSetId'],
  },
  GroupMember: { prefix: '011', fields: ['GroupId', 'UserOrGroupId'], required: ['GroupId', 'UserOrGroupId'] },
  ProcessInstance: { prefix: '04g', fields: ['TargetObjectId', 'Status'], required: [] },
  ProcessInstanceWorkitem: { prefix: '04i', fields: ['ProcessInstanceId', 'ActorId'], required: [] },
  ApexClass: { prefix: '01p', fields: ['Name', 'Body'], required: ['Name'] },
  Invoice__c: { prefix: 'a00', fields: ['Name', 'Total__c'], required: ['Name'] },
};

/** An object as it is written, whatever case it was asked for in. */
export function objectNamed(name: string): string | undefined {
  return Object.keys(OBJECTS).find((known) => lowerCase(known) === lowerCase(name));
}

/** A field of this object as it is written. */
export function fieldNamed(object: string, name: string): string | undefined {
  return ['Id', ...(OBJECTS[object]?.fields ?? [])].find((known) => lowerCase(known) === lowerCase(name));
}

export function tableOf(org: SimulatedOrg, object: string): Map<string, Row> {
  const table = org.tables.get(object) ?? new Map<string, Row>();
  org.tables.set(object, table);
  return table;
}

/** 18 characters, the first three of which say what it is. */
export function newId(object: string, world: SimulatorWorld): string {
  return `${OBJECTS[object]?.prefix ?? '000'}${world.id().slice(0, 15)}`;
}

/** The row and its object, by id alone. */
export function findById(org: SimulatedOrg, id: string): { readonly object: string; readonly row: Row } | undefined {
  for (const [object, table] of org.tables) {
    const row = table.get(id);
    if (row !== undefined) return { object, row };
  }
  return undefined;
}

/** The action that a new record says it was made by. */
export function correlationOf(row: Row): string | undefined {
  const marker = row['Interlock_Action__c'];
  return typeof marker === 'string' ? marker : undefined;
}

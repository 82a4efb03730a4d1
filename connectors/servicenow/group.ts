import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import { EVIDENCE } from './evidence.ts';
import { createdIn, recordRef } from './resources.ts';
import { addLink, type LinkTable, linkProbe, linkSchema, removeLink } from './security-link.ts';
import { recordEffect } from './table-effect.ts';
import { sysId } from './table-record.ts';

const TABLE = 'sys_user_grmember';

const input = z.strictObject({ group: sysId, user: sysId });
type Input = z.output<typeof input>;

const link: LinkTable<Input> = {
  table: TABLE,
  ends: async ({ group, user }) => ({ ok: true, value: { group, user } }),
};

const resources = ({ group, user }: Input) =>
  [recordRef('sys_user_group', group), recordRef('sys_user', user)] as const;

const addMember = writeOperation({
  name: 'servicenow.group.add-member',
  description: 'Adds a user to a group, and with it every role and every ticket that the group has.',
  input,
  output: linkSchema,
  resourceTypes: ['ServiceNow::Group', 'ServiceNow::User'],
  resources,
  effect: () => recordEffect('create', TABLE, {}),
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  touched: createdIn(TABLE),
  execute: addLink(link),
  probe: linkProbe(link, 'present'),
  undo: ({ group, user }) => ({ operation: 'servicenow.group.remove-member', input: { group, user } }),
  evidence: [EVIDENCE.tableSpec, EVIDENCE.securityTables],
});

const removeMember = writeOperation({
  name: 'servicenow.group.remove-member',
  description: 'Removes a user from a group, who loses the roles that came with it.',
  input,
  output: linkSchema.partial(),
  resourceTypes: ['ServiceNow::Group', 'ServiceNow::User'],
  resources,
  effect: () => ({ ...recordEffect('delete', TABLE, {}), reversible: 'operation' }),
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  execute: removeLink(link),
  probe: linkProbe(link, 'absent'),
  undo: ({ group, user }) => ({ operation: 'servicenow.group.add-member', input: { group, user } }),
  evidence: [EVIDENCE.tableSpec, EVIDENCE.securityTables],
});

export const groupOperations = [addMember, removeMember];

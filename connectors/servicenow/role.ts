import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import { EVIDENCE } from './evidence.ts';
import { createdIn, recordRef } from './resources.ts';
import { addLink, type LinkTable, linkProbe, linkSchema, removeLink } from './security-link.ts';
import { findRows } from './table-call.ts';
import { recordEffect } from './table-effect.ts';
import { sysId } from './table-record.ts';
import { notThere } from './table-write.ts';

const TABLE = 'sys_user_has_role';

/** By its name, which is unique, so that a policy can tell `itil` from `admin`. */
const roleName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'a role is named, as itil or sn_hr_core.basic');

const input = z.strictObject({ user: sysId, role: roleName });
type Input = z.output<typeof input>;

const link: LinkTable<Input> = {
  table: TABLE,
  async ends({ user, role }, context) {
    const roles = await findRows({ table: 'sys_user_role', where: { name: role }, columns: { name: 'text' } }, context);
    if (!roles.ok) return roles;
    const [found, another] = roles.value;
    if (found === undefined || another !== undefined)
      return { ok: false, refusal: notThere(`There is not exactly one role named ${role}.`) };
    return { ok: true, value: { user, role: String(found['sys_id']) } };
  },
};

const resources = ({ user, role }: Input) => [recordRef('sys_user', user), recordRef('sys_user_role', role)] as const;

const grant = writeOperation({
  name: 'servicenow.role.grant',
  description: 'Grants a user a role, and with it every right that the role has or contains.',
  input,
  output: linkSchema,
  resourceTypes: ['ServiceNow::User', 'ServiceNow::Role'],
  resources,
  effect: () => recordEffect('create', TABLE, {}),
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  touched: createdIn(TABLE),
  execute: addLink(link),
  probe: linkProbe(link, 'present'),
  undo: ({ user, role }) => ({ operation: 'servicenow.role.revoke', input: { user, role } }),
  evidence: [EVIDENCE.tableSpec, EVIDENCE.securityTables],
});

const revoke = writeOperation({
  name: 'servicenow.role.revoke',
  description: 'Takes a role away that was granted to the user directly; one that comes from a group stays.',
  input,
  output: linkSchema.partial(),
  resourceTypes: ['ServiceNow::User', 'ServiceNow::Role'],
  resources,
  effect: () => ({ ...recordEffect('delete', TABLE, {}), reversible: 'operation' }),
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  execute: removeLink(link),
  probe: linkProbe(link, 'absent'),
  undo: ({ user, role }) => ({ operation: 'servicenow.role.grant', input: { user, role } }),
  evidence: [EVIDENCE.tableSpec, EVIDENCE.securityTables],
});

export const roleOperations = [grant, revoke];

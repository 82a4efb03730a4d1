import { type Row, type Tables, timestamp, type Writer } from './tables.ts';
import { type VendorError, vendorError } from './vendor-error.ts';

/** What a write came to: the row as stored, or how it was refused. */
export type Written = { readonly row: Row } | { readonly refusal: VendorError };

const TASKS: ReadonlySet<string> = new Set(['incident', 'problem', 'change_request', 'sc_request']);
const CLOSED_STATES: ReadonlySet<string> = new Set(['7', '8']);
const RESOLVED_STATES: ReadonlySet<string> = new Set(['6', '7']);

export function insertRow(
  tables: Tables,
  { table, values }: { readonly table: string; readonly values: Row },
  writer: Writer,
): Written {
  if (table === 'sys_acl')
    return { refusal: vendorError(403, 'Operation Failed', 'ACL Exception Insert Failed due to security constraints') };
  if (isDuplicateLink(tables, table, values))
    return { refusal: vendorError(403, 'Operation Failed', 'Insert Aborted : Duplicate entry') };
  const opened = TASKS.has(table) ? { ...taskDefaults(tables, writer), ...values } : values;
  const row = tables.insert(table, TASKS.has(table) ? { ...opened, priority: priorityOf(opened) } : opened, writer);
  if (table === 'sys_user_grmember') inheritRoles(tables, row, writer);
  return { row };
}

export function updateRow(
  tables: Tables,
  { table, sysId, values }: { readonly table: string; readonly sysId: string; readonly values: Row },
  writer: Writer,
): Written {
  const row = tables.get(table, sysId);
  if (row === undefined)
    return {
      refusal: vendorError(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval"),
    };
  const next = { ...row, ...values };
  if (
    table === 'incident' &&
    RESOLVED_STATES.has(next['state'] ?? '') &&
    (next['close_code'] === '' || next['close_notes'] === '')
  ) {
    return {
      refusal: vendorError(
        403,
        'Operation Failed',
        'Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes',
      ),
    };
  }
  const derived = TASKS.has(table)
    ? {
        priority: priorityOf(next),
        active: CLOSED_STATES.has(next['state'] ?? '') ? 'false' : (next['active'] ?? 'true'),
      }
    : {};
  const written = tables.update(table, sysId, { values: { ...values, ...derived }, writer }) ?? row;
  if (table === 'sysapproval_approver') settleApproval(tables, written, writer);
  return { row: written };
}

/** Deletes a row and what hangs on it. */
export function deleteRow(tables: Tables, table: string, sysId: string): VendorError | undefined {
  const row = tables.get(table, sysId);
  if (row === undefined)
    return vendorError(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  if (table === 'sys_user_has_role' && row['inherited'] === 'true')
    return vendorError(403, 'Operation Failed', 'ACL Exception Delete Failed due to security constraints');
  tables.delete(table, sysId);
  for (const approval of tables.all('sysapproval_approver'))
    if (approval['sysapproval'] === sysId) tables.delete('sysapproval_approver', approval['sys_id'] ?? '');
  if (table === 'sys_user_grmember') disinheritRoles(tables, row);
  return undefined;
}

function taskDefaults(tables: Tables, { world, by }: Writer): Row {
  const openedBy = tables.find('sys_user', { user_name: by })?.['sys_id'] ?? '';
  const openedAt = timestamp(world.clock.now());
  return {
    state: '1',
    active: 'true',
    impact: '3',
    urgency: '3',
    approval: 'not requested',
    category: 'inquiry',
    opened_by: openedBy,
    opened_at: openedAt,
  };
}

/** The usual matrix: impact and urgency from 1 to 3 give a priority from 1 to 5. */
function priorityOf(task: Row): string {
  return String(Number(task['impact'] ?? '3') + Number(task['urgency'] ?? '3') - 1);
}

function isDuplicateLink(tables: Tables, table: string, values: Row): boolean {
  if (table === 'sys_user_has_role')
    return tables.find(table, { user: values['user'] ?? '', role: values['role'] ?? '', inherited: '' }) !== undefined;
  return (
    table === 'sys_user_grmember' &&
    tables.find(table, { user: values['user'] ?? '', group: values['group'] ?? '' }) !== undefined
  );
}

function inheritRoles(tables: Tables, { user = '', group = '' }: Row, writer: Writer): void {
  for (const { role = '' } of tables.all('sys_group_has_role').filter((grant) => grant['group'] === group)) {
    tables.insert('sys_user_has_role', { user, role, inherited: 'true' }, writer);
  }
}

function disinheritRoles(tables: Tables, { user = '', group = '' }: Row): void {
  for (const { role = '' } of tables.all('sys_group_has_role').filter((grant) => grant['group'] === group)) {
    const row = tables.find('sys_user_has_role', { user, role, inherited: 'true' });
    if (row !== undefined) tables.delete('sys_user_has_role', row['sys_id'] ?? '');
  }
}

/** One rejection rejects the change; the last approval approves and schedules it. */
function settleApproval(tables: Tables, approval: Row, writer: Writer): void {
  const change = approval['sysapproval'] ?? '';
  const states = tables
    .all('sysapproval_approver')
    .filter((row) => row['sysapproval'] === change)
    .map((row) => row['state']);
  const settled = states.includes('rejected')
    ? { approval: 'rejected', state: '4' }
    : states.every((state) => state === 'approved')
      ? { approval: 'approved', state: '-2' }
      : undefined;
  if (settled !== undefined) tables.update('change_request', change, { values: settled, writer });
}

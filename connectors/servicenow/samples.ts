import type { ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { seedId } from './simulator/seed-tables.ts';

export const ids = {
  incident: seedId('incident', 'email-down'),
  hrIncident: seedId('incident', 'payslip'),
  problem: seedId('problem', 'dns'),
  change: seedId('change_request', 'patch-gateway'),
  approval: seedId('sysapproval_approver', 'carla'),
  bruno: seedId('sys_user', 'bruno.ferrari'),
  dina: seedId('sys_user', 'dina.haddad'),
  carla: seedId('sys_user', 'carla.nguyen'),
  hr: seedId('sys_user_group', 'Human Resources'),
  desk: seedId('sys_user_group', 'Service Desk'),
  itil: seedId('sys_user_role', 'itil'),
  laptop: seedId('sc_cat_item', 'laptop'),
  nobody: seedId('sys_user', 'nobody'),
};

/** One call of every operation that a fresh instance lets succeed. */
export const SAMPLES: readonly ConformanceSample[] = [
  read('incident.get', { sys_id: ids.incident }),
  read('incident.search', { where: [{ field: 'category', operator: 'equals', values: ['hr'] }] }),
  read('problem.get', { sys_id: ids.problem }),
  read('change.get', { sys_id: ids.change }),
  read('user.get', { sys_id: ids.dina }),
  read('user.search', { where: [{ field: 'email', operator: 'ends-with', values: ['@example.com'] }], limit: 2 }),
  read('record.get', { table: 'incident', sys_id: ids.incident, fields: ['number', 'state'] }),
  write('incident.create', { short_description: 'Printer on fire', caller_id: ids.dina }, 'incident.create'),
  write('incident.update', { sys_id: ids.incident, state: '2', assigned_to: ids.bruno }, 'incident.update'),
  write('incident.resolve', { sys_id: ids.incident, close_code: 'Solved', close_notes: 'Done.' }, 'incident.update'),
  write('incident.delete', { sys_id: ids.incident }, 'incident.delete'),
  write('problem.create', { short_description: 'Disks fail' }, 'problem.create'),
  write('change.create', { short_description: 'Replace the disks' }, 'change_request.create'),
  write('change.create-emergency', { short_description: 'Now' }, 'change_request.create-emergency'),
  write('change.approve', { sys_id: ids.change, state: 'approved' }, 'change_request.approved'),
  write('user.lock', { sys_id: ids.dina }, 'sys_user.update'),
  after('user.lock', write('user.unlock', { sys_id: ids.dina }, 'sys_user.update')),
  write('user.deactivate', { sys_id: ids.dina }, 'sys_user.update'),
  after('user.deactivate', write('user.activate', { sys_id: ids.dina }, 'sys_user.update')),
  write('role.grant', { user: ids.dina, role: 'itil' }, 'sys_user_has_role.create'),
  write('role.revoke', { user: ids.carla, role: 'approver_user' }, 'sys_user_has_role.delete'),
  write('group.add-member', { group: ids.desk, user: ids.dina }, 'sys_user_grmember.create'),
  write('group.remove-member', { group: ids.desk, user: ids.bruno }, 'sys_user_grmember.delete'),
  write(
    'approval.answer',
    { sys_id: ids.approval, state: 'rejected', comments: 'Not now.' },
    'sysapproval_approver.update',
  ),
  write(
    'catalog.order',
    { item: ids.laptop, quantity: 2, requested_for: ids.dina, variables: { colour: 'grey' } },
    'catalog.order',
  ),
  write('record.create', { table: 'problem', fields: { short_description: 'Disks fail' } }, 'problem.create'),
  write('record.update', { table: 'incident', sys_id: ids.incident, fields: { urgency: '1' } }, 'incident.update'),
  write('record.delete', { table: 'problem', sys_id: ids.problem }, 'problem.delete'),
];

function read(name: string, input: JsonObject): ConformanceSample {
  return { operation: `servicenow.${name}`, input, effects: [] };
}

function write(name: string, input: JsonObject, effect: string): ConformanceSample {
  return { operation: `servicenow.${name}`, input, effects: [effect] };
}

/** What is switched back must have been switched before. */
function after(name: string, sample: ConformanceSample): ConformanceSample {
  return { ...sample, after: [{ operation: `servicenow.${name}`, input: sample.input }] };
}

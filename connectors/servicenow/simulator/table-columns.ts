const SYSTEM = ['sys_id', 'sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by', 'sys_mod_count'];

const TASK = [
  ...SYSTEM,
  'number',
  'short_description',
  'description',
  'state',
  'priority',
  'impact',
  'urgency',
  'category',
  'assignment_group',
  'assigned_to',
  'opened_by',
  'opened_at',
  'closed_at',
  'active',
  'approval',
  'comments',
  'work_notes',
  'cmdb_ci',
  'correlation_id',
  'sys_class_name',
  'watch_list',
  'close_notes',
  'close_code',
  'parent',
];

/** The simulated tables and their columns. What is written to another column is ignored, as ServiceNow does. */
export const TABLE_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'incident',
    [...TASK, 'subcategory', 'caller_id', 'problem_id', 'parent_incident', 'u_confidential', 'u_restricted'],
  ],
  ['problem', [...TASK, 'subcategory']],
  [
    'change_request',
    [...TASK, 'type', 'risk', 'justification', 'implementation_plan', 'backout_plan', 'start_date', 'end_date'],
  ],
  ['sc_request', [...TASK, 'requested_for', 'item', 'quantity', 'variables']],
  [
    'sys_user',
    [
      ...SYSTEM,
      'user_name',
      'name',
      'first_name',
      'last_name',
      'email',
      'title',
      'department',
      'manager',
      'company',
      'active',
      'locked_out',
      'vip',
      'user_password',
    ],
  ],
  ['sys_user_group', [...SYSTEM, 'name', 'description', 'manager', 'active']],
  ['sys_user_role', [...SYSTEM, 'name', 'description']],
  ['sys_user_has_role', [...SYSTEM, 'user', 'role', 'inherited', 'granted_by']],
  ['sys_user_grmember', [...SYSTEM, 'user', 'group']],
  ['sys_group_has_role', [...SYSTEM, 'group', 'role']],
  ['sysapproval_approver', [...SYSTEM, 'approver', 'sysapproval', 'source_table', 'state', 'comments']],
  ['sys_journal_field', [...SYSTEM, 'element_id', 'element', 'name', 'value']],
  ['sc_cat_item', [...SYSTEM, 'name', 'short_description', 'price', 'active']],
  ['sys_script', [...SYSTEM, 'name', 'collection', 'script', 'active']],
  ['sys_properties', [...SYSTEM, 'name', 'value']],
  ['sys_acl', [...SYSTEM, 'name', 'operation', 'active']],
  ['sys_rate_limit_rules', [...SYSTEM, 'name', 'request_limit_per_hour', 'active']],
]);

/** Where a reference column points. */
export const REFERENCES: ReadonlyMap<string, string> = new Map([
  ...['assigned_to', 'opened_by', 'caller_id', 'user', 'approver', 'manager', 'requested_for', 'granted_by'].map(
    (column) => [column, 'sys_user'] as const,
  ),
  ['assignment_group', 'sys_user_group'],
  ['group', 'sys_user_group'],
  ['role', 'sys_user_role'],
  ['problem_id', 'problem'],
  ['parent_incident', 'incident'],
  ['item', 'sc_cat_item'],
  ['sysapproval', 'change_request'],
]);

export const NUMBER_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['incident', 'INC'],
  ['problem', 'PRB'],
  ['change_request', 'CHG'],
  ['sc_request', 'REQ'],
]);

export const JOURNALS: ReadonlySet<string> = new Set(['comments', 'work_notes']);

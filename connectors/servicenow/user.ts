import { z } from 'zod';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { EVIDENCE } from './evidence.ts';
import { labelsOfTable } from './labels.ts';
import { holdsFields } from './read-back.ts';
import { foundIn, recordRef } from './resources.ts';
import { searchInput, searchResult, searchTable } from './search-table.ts';
import { getCall, patchCall, recordOf } from './table-call.ts';
import { type Columns, recordSchema, sysId } from './table-record.ts';
import { confirmed } from './table-write.ts';

const TABLE = 'sys_user';

const COLUMNS = {
  user_name: 'text',
  name: 'text',
  email: 'text',
  title: 'text',
  department: 'reference',
  manager: 'reference',
  company: 'reference',
  active: 'flag',
  locked_out: 'flag',
  vip: 'flag',
  sys_created_on: 'text',
  sys_updated_on: 'text',
} as const satisfies Columns;

const get = readOperation({
  name: 'servicenow.user.get',
  description: 'Reads one user: name, e-mail, department, manager, whether active or locked out.',
  input: z.strictObject({ sys_id: sysId }),
  output: recordSchema(COLUMNS),
  resourceTypes: ['ServiceNow::User'],
  resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
  labels: () => labelsOfTable(TABLE),
  execute: httpExecution({
    request: ({ sys_id }) => getCall(TABLE, sys_id, COLUMNS),
    repeatable: true,
    result: recordOf(COLUMNS),
  }),
  evidence: [EVIDENCE.tableApi, EVIDENCE.userRecord],
});

const search = readOperation({
  name: 'servicenow.user.search',
  description: 'Finds users by name, e-mail, department, manager or state.',
  input: searchInput([
    'user_name',
    'name',
    'email',
    'title',
    'department',
    'manager',
    'active',
    'locked_out',
    'sys_created_on',
  ]),
  output: searchResult(COLUMNS),
  resourceTypes: ['ServiceNow::User'],
  resources: () => [recordRef(TABLE)],
  labels: () => labelsOfTable(TABLE),
  touched: foundIn(TABLE),
  execute: searchTable(TABLE, COLUMNS),
  evidence: [EVIDENCE.tableApi, EVIDENCE.userRecord],
});

interface Switch {
  readonly verb: 'lock' | 'unlock' | 'deactivate' | 'activate';
  readonly inverse: Switch['verb'];
  readonly description: string;
  readonly column: 'locked_out' | 'active';
  readonly value: 'true' | 'false';
}

/** A user has two switches, and both positions of each are an operation: what one does the other undoes. */
const SWITCHES: readonly Switch[] = [
  {
    verb: 'lock',
    inverse: 'unlock',
    column: 'locked_out',
    value: 'true',
    description: 'Locks a user out: no session, no login, until unlocked.',
  },
  {
    verb: 'unlock',
    inverse: 'lock',
    column: 'locked_out',
    value: 'false',
    description: 'Lets a locked-out user in again.',
  },
  {
    verb: 'deactivate',
    inverse: 'activate',
    column: 'active',
    value: 'false',
    description: 'Deactivates a user, who can no longer log in or be chosen.',
  },
  {
    verb: 'activate',
    inverse: 'deactivate',
    column: 'active',
    value: 'true',
    description: 'Activates a user again, with every role and group that was kept.',
  },
];

function switchOperation({ verb, inverse, description, column, value }: Switch) {
  const fields = { [column]: value };
  const columns: Columns = { user_name: 'text', [column]: 'flag' };
  return writeOperation({
    name: `servicenow.user.${verb}`,
    description,
    input: z.strictObject({ sys_id: sysId }),
    output: z.object({ sys_id: z.string(), user_name: z.string().optional() }),
    resourceTypes: ['ServiceNow::User'],
    resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
    effect: () => ({ kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: 1 }),
    effectKinds: ['privilege'],
    repeat: { class: 'naturally-idempotent', evidence: EVIDENCE.patchConstant },
    execute: confirmed(
      httpExecution({
        request: ({ sys_id }, { actionId }) =>
          patchCall({ table: TABLE, sysId: sys_id, fields, answer: columns, actionId }),
        repeatable: true,
        result: recordOf(columns),
      }),
      ({ [column]: flag }) => flag === (value === 'true'),
    ),
    probe: ({ sys_id }, context) => holdsFields({ table: TABLE, sysId: sys_id, fields }, context),
    undo: ({ sys_id }) => ({ operation: `servicenow.user.${inverse}`, input: { sys_id } }),
    evidence: [EVIDENCE.tableApi, EVIDENCE.userRecord],
  });
}

export const userOperations = [get, search, ...SWITCHES.map(switchOperation)];

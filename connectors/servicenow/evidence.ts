import type { Evidence } from '../../src/connector/contract.ts';

/** ServiceNow's own published pages (repository ServiceNow/ServiceNowDocs) and descriptions, each cited once. */
export const EVIDENCE = {
  tableApi: { mark: 'doc', source: 'ServiceNowDocs, rest-apis/c_TableAPI.md' },
  tableSpec: {
    mark: 'spec',
    source: 'ServiceNow Table API description (table_latest.json): no idempotency key on any operation',
  },
  changeApi: { mark: 'doc', source: 'ServiceNowDocs, rest-apis/change-management-api.md' },
  changeSpec: {
    mark: 'spec',
    source: 'Change Management description (sn_chg_rest_change_management_latest.json): no idempotency key',
  },
  catalogOrder: { mark: 'rec', source: 'recorded answer of POST /api/sn_sc/servicecatalog/items/{sys_id}/order_now' },
  incidentRecord: {
    mark: 'rec',
    source: 'recorded answers of the incident table: every column a string, references as {link,value}',
  },
  userRecord: { mark: 'rec', source: 'recorded answers of the sys_user table' },
  approvalRecord: { mark: 'rec', source: 'recorded answers of PATCH sysapproval_approver' },
  securityTables: {
    mark: 'mem',
    source:
      'sys_user_has_role, sys_user_role and sys_user_grmember with the columns user, role, group: long stable, not verified',
  },
  patchConstant: {
    mark: 'doc',
    source:
      'ServiceNowDocs, c_TableAPI.md: PATCH sets the name-value pairs it carries; the same constants again change nothing',
  },
} as const satisfies Record<string, Evidence>;

import type { JsonObject } from '../../../src/lib/json.ts';

export const SIMULATED = { email: 'agent@acme.example', token: 'simulated-jira-token' } as const;

/** What a fresh site has. */
export const SEED = {
  project: 'BILL',
  issue: 'BILL-1',
  other: 'BILL-2',
  archived: 'BILL-3',
  ada: 'acc-ada',
  grace: 'acc-grace',
  group: 'g-billing',
  admins: 'g-admins',
  scheme: '10',
  grant: '100',
} as const;

export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly fields: JsonObject;
  readonly properties: JsonObject;
}

export interface Site {
  readonly issues: Map<string, Issue>;
  readonly archived: Set<string>;
  readonly projects: Map<string, JsonObject>;
  /** Group ids by account. */
  readonly groupsOf: Map<string, Set<string>>;
  readonly grants: Map<string, JsonObject>;
  readonly tasks: Set<string>;
}

export function seedSite(): Site {
  const issueOf = (key: string, id: number): [string, Issue] => [
    key,
    {
      id: String(id),
      key,
      properties: {},
      fields: {
        summary: 'Rounding',
        description: {
          type: 'doc',
          version: 1,
          content: [{ type: 'paragraph', content: [{ type: 'text', text: 'A cent is missing.' }] }],
        },
        status: { name: 'Open' },
        assignee: { accountId: SEED.ada, displayName: 'Ada' },
        labels: ['money'],
        ...(key === SEED.other ? { security: { id: '1', name: 'Finance only' } } : {}),
        duedate: null,
        issuelinks: [],
      },
    },
  ];
  return {
    issues: new Map([issueOf(SEED.issue, 1), issueOf(SEED.other, 2), issueOf(SEED.archived, 3)]),
    archived: new Set([SEED.archived]),
    projects: new Map([
      [SEED.project, { id: '1', key: SEED.project, name: 'Billing', archived: false, deleted: false }],
      ['OLD', { id: '2', key: 'OLD', name: 'Old', archived: true, deleted: false }],
    ]),
    groupsOf: new Map([
      [SEED.ada, new Set<string>([SEED.group])],
      [SEED.grace, new Set<string>()],
    ]),
    grants: new Map([
      [
        SEED.grant,
        { id: Number(SEED.grant), permission: 'BROWSE_PROJECTS', holder: { type: 'group', value: SEED.group } },
      ],
    ]),
    tasks: new Set(),
  };
}

import type { ConformanceFixtures } from '../../src/connector/conformance/fixtures.ts';
import { EFFECT_CASES } from './conformance-effect-cases.ts';
import { SAMPLES } from './conformance-samples.ts';
import { SEED } from './simulator/seed.ts';

const { users, permissionSets, accounts } = SEED;

export default {
  samples: SAMPLES,
  effectCases: EFFECT_CASES,
  paging: [{ operation: 'salesforce.record.query', input: { object: 'Task', fields: ['Subject'] } }],
  rateLimits: [
    {
      // The day's quota comes as a 403, and nothing says when it ends [doc, rec].
      status: 403,
      headers: { 'sforce-limit-info': 'api-usage=15000/15000' },
      body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
      dialect: 'none',
      waitsMs: undefined,
    },
  ],
  state: {
    reads: [
      {
        operation: 'salesforce.record.query',
        input: { object: 'Account', fields: ['Name', 'Industry', 'AnnualRevenue'] },
      },
      { operation: 'salesforce.record.query', input: { object: 'Contact', fields: ['LastName'] } },
      { operation: 'salesforce.record.query', input: { object: 'User', fields: ['ProfileId', 'IsActive', 'Title'] } },
      { operation: 'salesforce.record.query', input: { object: 'UserLogin', fields: ['IsFrozen'] } },
      {
        operation: 'salesforce.record.query',
        input: { object: 'PermissionSetAssignment', fields: ['AssigneeId', 'PermissionSetId'] },
      },
      { operation: 'salesforce.record.query', input: { object: 'Task', fields: ['Subject', 'Status'] } },
    ],
    // A right that is granted again has a new id.
    ignore: ['id'],
  },
  facts: [
    { name: 'userIsActive', subject: { type: 'user', id: 'ada@example.com' }, value: true },
    { name: 'userIsActive', subject: { type: 'user', id: "o'nobody@example.com" }, value: undefined },
    {
      name: 'recordOwner',
      subject: { type: 'Salesforce::SalesforceRecord', id: accounts.acme },
      value: users.ada,
    },
    {
      name: 'recordOwner',
      // Of an object whose prefix is not everywhere the same.
      subject: { type: 'Salesforce::SalesforceRecord', id: 'a0X000000000000' },
      value: undefined,
    },
    {
      name: 'permissionSets',
      subject: { type: 'Salesforce::User', id: users.grace },
      value: [permissionSets.reports],
    },
  ],
  judgedBy: {
    '*': 'sdk',
    'salesforce.record.search': 'none',
    'salesforce.email.send': 'none',
    'salesforce.composite.execute': 'none',
  },
} satisfies ConformanceFixtures;

import { CONFORMANCE_NOW_MS, type ConformanceFixtures } from '../../src/connector/conformance/fixtures.ts';
import { EFFECT_CASES } from './effect-cases.ts';
import { ids, SAMPLES } from './samples.ts';

export default {
  samples: SAMPLES,
  effectCases: EFFECT_CASES.map(([when, name, input, effect]) => ({
    operation: `servicenow.${name}`,
    input,
    effect,
    when,
  })),
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '12' },
      body: { error: { message: 'Rate limit exceeded', detail: null }, status: 'failure' },
      dialect: 'retry-after',
      waitsMs: 12_000,
    },
    {
      // Where there is no Retry-After, the end of the window is in seconds since 1970 [doc].
      status: 429,
      headers: { 'x-ratelimit-reset': String(CONFORMANCE_NOW_MS / 1_000 + 9) },
      dialect: 'epoch',
      waitsMs: 9_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  state: {
    reads: [
      { operation: 'servicenow.incident.get', input: { sys_id: ids.incident } },
      { operation: 'servicenow.user.get', input: { sys_id: ids.dina } },
      { operation: 'servicenow.user.get', input: { sys_id: ids.carla } },
    ],
    ignore: ['sys_updated_on', 'sys_updated_by', 'sys_mod_count'],
  },
  facts: [
    { name: 'incidentPriority', subject: { type: 'ServiceNow::Incident', id: ids.incident }, value: 3 },
    { name: 'incidentOwner', subject: { type: 'ServiceNow::Incident', id: ids.incident }, value: ids.desk },
    { name: 'userActive', subject: { type: 'user', id: 'dina.haddad' }, value: true },
    { name: 'userActive', subject: { type: 'user', id: 'nobody' }, value: undefined },
    { name: 'incidentPriority', subject: { type: 'ServiceNow::Incident', id: '0'.repeat(32) }, value: undefined },
  ],
  // Ordering is documented [rec] and in no description that could be had.
  judgedBy: { '*': 'description', 'servicenow.catalog.order': 'none' },
} satisfies ConformanceFixtures;

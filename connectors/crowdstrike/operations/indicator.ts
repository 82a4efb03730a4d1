import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { change, FLEET } from '../effects.ts';
import { resourceOf } from '../envelope.ts';
import { ONCE, sdk } from '../evidence.ts';
import { conditions, fql } from '../fql.ts';
import { deviceId, indicatorId } from '../ids.ts';
import { AFTER, combined, foundOutput, searchInput } from '../lists.ts';
import { gone, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const INDICATORS = '/iocs/entities/indicators/v1';
const COMBINED = '/iocs/combined/indicator/v1';

const indicator = z.object({
  id: z.string(),
  type: z.string().optional(),
  value: z.string().optional(),
  action: z.string().optional(),
  severity: z.string().optional(),
  applied_globally: z.boolean().optional(),
  description: z.string().optional(),
});

const searchIndicators = readOperation({
  name: 'crowdstrike.indicator.search',
  description: 'Searches own indicators: hashes, domains and addresses that the sensors allow, report or block.',
  input: searchInput,
  output: foundOutput('indicators', indicator),
  resourceTypes: ['CrowdStrike::Indicator'],
  resources: () => refs('CrowdStrike::Indicator', []),
  labels: () => ['security', 'untrusted'],
  touched: ({ indicators }) => indicators.map(({ id }) => ({ type: 'CrowdStrike::Indicator', id })),
  execute: combined('indicators', COMBINED, AFTER),
  evidence: [sdk('GET /iocs/combined/indicator/v1 (indicator_combined_v1)')],
});

/** What an indicator makes every sensor under it do: let through, stop, or say. */
const KINDS: Readonly<Record<string, Effect['kind']>> = {
  allow: 'privilege',
  prevent: 'isolate',
  prevent_no_ui: 'isolate',
  detect: 'create',
  no_action: 'create',
};

const plain = z.string().regex(/^[^'"\\*[\]\p{Cc}]{1,500}$/u);

interface Wanted {
  readonly type: string;
  readonly value: string;
  readonly action: string;
  readonly platforms: readonly string[];
  readonly severity?: string | undefined;
  readonly description?: string | undefined;
  readonly expiration?: string | undefined;
  readonly appliedGlobally: boolean;
  readonly hostGroups: readonly string[];
}

/** One indicator as Falcon takes it; what was left out stays out. */
function wireOf({ appliedGlobally, hostGroups, platforms, severity, description, expiration, ...rest }: Wanted) {
  return {
    ...rest,
    platforms: [...platforms],
    applied_globally: appliedGlobally,
    ...(hostGroups.length > 0 && { host_groups: [...hostGroups] }),
    ...(severity !== undefined && { severity }),
    ...(description !== undefined && { description }),
    ...(expiration !== undefined && { expiration }),
  };
}

const createIndicator = writeOperation({
  name: 'crowdstrike.indicator.create',
  description:
    'Makes an indicator: `allow` lets what it names run on every host under it, `prevent` stops it there, `detect` reports it.',
  input: z
    .strictObject({
      type: z.enum(['sha256', 'md5', 'domain', 'ipv4', 'ipv6']),
      value: plain,
      action: z.enum(['allow', 'prevent', 'prevent_no_ui', 'detect', 'no_action']),
      platforms: z
        .array(z.enum(['windows', 'mac', 'linux']))
        .min(1)
        .max(3),
      severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']).optional(),
      description: z.string().max(500).optional(),
      expiration: z.iso.datetime().optional(),
      appliedGlobally: z.boolean().default(false),
      hostGroups: z.array(deviceId).max(100).default([]),
      comment: z.string().max(500).optional(),
    })
    .refine(
      ({ appliedGlobally, hostGroups }) => appliedGlobally !== hostGroups.length > 0,
      'either globally or for host groups',
    ),
  output: indicator,
  resourceTypes: ['CrowdStrike::Indicator'],
  resources: () => refs('CrowdStrike::Indicator', []),
  touched: ({ id }) => [{ type: 'CrowdStrike::Indicator', id }],
  provenance: {
    arguments: {
      value: 'target',
      action: 'flag',
      hostGroups: 'target',
      appliedGlobally: 'flag',
      description: 'content',
      comment: 'content',
    },
  },
  effect: ({ action }) => change(KINDS[action] ?? 'privilege', 'operation', { count: FLEET }),
  effectKinds: ['create', 'privilege', 'isolate'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ comment, ...wanted }) => ({
      method: 'POST',
      path: INDICATORS,
      body: { ...(comment === undefined ? {} : { comment }), indicators: [wireOf(wanted)] },
    }),
    repeatable: false,
    result: (reply) => resourceOf(reply, indicator),
  }),
  probe: settle({
    call: ({ type, value }) => ({
      method: 'GET',
      path: COMBINED,
      query: {
        filter: fql([
          { field: 'type', is: 'equal', value: type },
          { field: 'value', is: 'equal', value },
        ]),
      },
    }),
    item: indicator,
    // Falcon has one indicator for a type and value; one with another action was there before.
    judge: ([found], { action }) => {
      if (found === undefined) return 'not-applied';
      return found.action === action ? 'applied' : undefined;
    },
    result: ([found]) => found,
  }),
  undo: (_input, result) => {
    const said = z.object({ id: indicatorId }).safeParse(result);
    return said.success
      ? { operation: 'crowdstrike.indicator.delete', input: { indicatorId: said.data.id } }
      : undefined;
  },
  evidence: [sdk('POST /iocs/entities/indicators/v1 (indicator_create_v1)')],
});

const deleteIndicator = writeOperation({
  name: 'crowdstrike.indicator.delete',
  description: 'Deletes one indicator, on every host under it.',
  input: z.strictObject({ indicatorId, comment: z.string().max(500).optional() }),
  output: z.object({}),
  resourceTypes: ['CrowdStrike::Indicator'],
  resources: ({ indicatorId }) => refs('CrowdStrike::Indicator', [indicatorId]),
  provenance: { arguments: { indicatorId: 'target', comment: 'content' } },
  effect: () => change('delete', 'no'),
  effectKinds: ['delete'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ indicatorId, comment }) => ({
      method: 'DELETE',
      path: INDICATORS,
      query: { ids: indicatorId, comment },
    }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: settle({
    call: ({ indicatorId }) => ({ method: 'GET', path: INDICATORS, query: { ids: indicatorId } }),
    item: indicator,
    judge: gone,
    result: () => ({}),
  }),
  undo: { none: 'A deleted indicator is made anew, without its history.' },
  evidence: [sdk('DELETE /iocs/entities/indicators/v1?ids=… (indicator_delete_v1)')],
});

const deleteMatching = writeOperation({
  name: 'crowdstrike.indicator.delete-matching',
  description: 'Deletes every indicator that the conditions fit, however many these are.',
  input: z.strictObject({ where: conditions.min(1), comment: z.string().max(500).optional() }),
  output: z.object({ deleted: z.array(z.string()) }),
  resourceTypes: ['CrowdStrike::Indicator'],
  resources: () => refs('CrowdStrike::Indicator', []),
  provenance: { arguments: { where: 'target', comment: 'content' } },
  effect: () => change('delete', 'no', { count: FLEET }),
  effectKinds: ['delete'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ where, comment }) => ({
      method: 'DELETE',
      path: INDICATORS,
      query: { filter: filterOf(where), comment },
    }),
    repeatable: false,
    result: ({ body }) => ({ deleted: z.object({ resources: z.array(z.string()) }).parse(body).resources }),
  }),
  probe: settle({
    call: ({ where }) => ({ method: 'GET', path: COMBINED, query: { filter: fql(where) } }),
    item: indicator,
    // None left may also mean that there was none.
    judge: (found) => (found.length > 0 ? 'not-applied' : undefined),
    result: () => ({ deleted: [] }),
  }),
  undo: { none: 'Deleted indicators are made anew, one by one.' },
  evidence: [sdk('DELETE /iocs/entities/indicators/v1?filter=… (indicator_delete_v1)')],
});

/** A filter that is empty would fit everything. */
function filterOf(where: Parameters<typeof fql>[0]): string {
  const filter = fql(where);
  if (filter === undefined) throw new InterlockError('INVALID_INPUT', 'at least one condition says what is deleted');
  return filter;
}

export const indicatorOperations = [searchIndicators, createIndicator, deleteIndicator, deleteMatching] as const;

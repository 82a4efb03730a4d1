import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { ONCE, sdk } from '../evidence.ts';
import { alertId, distinct, userUuid } from '../ids.ts';
import { foundOutput, idsThenEntities, OFFSET, searchInput } from '../lists.ts';
import { allOrNone, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const ENTITIES = '/alerts/entities/alerts/v2';
const alert = z.object({
  composite_id: z.string(),
  status: z.string().optional(),
  severity: z.number().optional(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  cmdline: z.string().optional(),
  filename: z.string().optional(),
  assigned_to_uuid: z.string().nullish(),
  show_in_ui: z.boolean().optional(),
  tags: z.array(z.string()).nullish(),
});

const searchAlerts = readOperation({
  name: 'crowdstrike.alert.search',
  description: 'Searches alerts. Command lines and file names in them are what attackers wrote.',
  input: searchInput,
  output: foundOutput('alerts', alert),
  resourceTypes: ['CrowdStrike::Alert'],
  resources: () => refs('CrowdStrike::Alert', []),
  labels: () => ['security', 'untrusted'],
  touched: ({ alerts }) => alerts.map(({ composite_id }) => ({ type: 'CrowdStrike::Alert', id: composite_id })),
  provenance: {
    returns: { default: 'others', fields: { 'alerts[*].composite_id': 'system', 'alerts[*].status': 'system' } },
  },
  execute: idsThenEntities({
    as: 'alerts',
    queries: '/alerts/queries/alerts/v2',
    entities: ENTITIES,
    field: 'composite_ids',
    item: alert,
    dialect: OFFSET,
  }),
  evidence: [
    sdk('GET /alerts/queries/alerts/v2 (GetQueriesAlertsV2)'),
    sdk('POST /alerts/entities/alerts/v2 (PostEntitiesAlertsV2)'),
  ],
});

const changeOfAlert = z.strictObject({
  status: z.enum(['new', 'in_progress', 'reopened', 'closed']).optional(),
  assignTo: userUuid.optional(),
  comment: z.string().min(1).max(1_000).optional(),
  addTag: z.string().min(1).max(100).optional(),
  removeTag: z.string().min(1).max(100).optional(),
  showInUi: z.boolean().optional(),
});
type Change = z.output<typeof changeOfAlert>;

const NAMES = {
  status: 'update_status',
  assignTo: 'assign_to_uuid',
  comment: 'append_comment',
  addTag: 'add_tag',
  removeTag: 'remove_tag',
  showInUi: 'show_in_ui',
} as const satisfies Record<keyof Change, string>;

const parametersOf = (change: Change) =>
  Object.entries(NAMES).flatMap(([field, name]) => {
    const value = change[field as keyof Change]; // the names of a constant
    return value === undefined ? [] : [{ name, value: String(value) }];
  });

/** What is closed or hidden is looked at by nobody. */
const hidesRisk = ({ status, showInUi }: Change) => status === 'closed' || showInUi === false;

const updateAlerts = writeOperation({
  name: 'crowdstrike.alert.update',
  description: 'Changes alerts: status, owner, comments, tags, and whether people see them at all.',
  input: z.strictObject({
    ids: distinct(alertId),
    change: changeOfAlert.refine((change) => parametersOf(change).length > 0, 'at least one change'),
  }),
  output: z.object({}),
  resourceTypes: ['CrowdStrike::Alert'],
  resources: ({ ids }) => refs('CrowdStrike::Alert', ids),
  provenance: {
    arguments: {
      ids: 'target',
      'change.assignTo': 'destination',
      'change.comment': 'content',
      'change.status': 'flag',
      'change.showInUi': 'flag',
    },
  },
  effect: ({ ids, change: wanted }) => change('update', 'no', { privileged: hidesRisk(wanted), count: ids.length }),
  effectKinds: ['update'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ ids, change }) => ({
      method: 'PATCH',
      path: '/alerts/entities/alerts/v3',
      body: { composite_ids: ids, action_parameters: parametersOf(change) },
    }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: settle({
    call: ({ ids }) => ({ method: 'POST', path: ENTITIES, body: { composite_ids: ids } }),
    item: alert,
    // Only what can be read again tells: a comment cannot.
    judge: (alerts, { ids, change: { status, showInUi, assignTo } }) => {
      if (status === undefined && showInUi === undefined && assignTo === undefined) return undefined;
      const shows = (each: z.output<typeof alert>) =>
        (status === undefined || each.status === status) &&
        (showInUi === undefined || each.show_in_ui === showInUi) &&
        (assignTo === undefined || each.assigned_to_uuid === assignTo);
      return allOrNone(alerts.map(shows), ids.length);
    },
    result: () => ({}),
  }),
  undo: { none: 'What an alert was before, each for itself, is not in the call; another update sets it.' },
  evidence: [sdk('PATCH /alerts/entities/alerts/v3 {composite_ids, action_parameters} (PatchEntitiesAlertsV3)')],
});

export const alertOperations = [searchAlerts, updateAlerts] as const;

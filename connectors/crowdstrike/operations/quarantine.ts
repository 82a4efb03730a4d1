import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { perIdOutput } from '../envelope.ts';
import { mem, ONCE, sdk } from '../evidence.ts';
import { distinct, quarantineId } from '../ids.ts';
import { foundOutput, idsThenEntities, OFFSET, searchInput } from '../lists.ts';
import { allOrNone, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const ENTITIES = '/quarantine/entities/quarantined-files/GET/v1';
const file = z.object({
  id: z.string(),
  aid: z.string().optional(),
  hostname: z.string().optional(),
  username: z.string().optional(),
  state: z.string().optional(),
});

const searchFiles = readOperation({
  name: 'crowdstrike.quarantine.search',
  description: 'Searches quarantined files.',
  input: searchInput,
  output: foundOutput('files', file),
  resourceTypes: ['CrowdStrike::QuarantinedFile'],
  resources: () => refs('CrowdStrike::QuarantinedFile', []),
  labels: () => ['security', 'untrusted'],
  touched: ({ files }) => files.map(({ id }) => ({ type: 'CrowdStrike::QuarantinedFile', id })),
  provenance: { returns: { fields: { 'files[*].hostname': 'others', 'files[*].username': 'others' } } },
  execute: idsThenEntities({
    as: 'files',
    queries: '/quarantine/queries/quarantined-files/v1',
    entities: ENTITIES,
    item: file,
    dialect: OFFSET,
  }),
  evidence: [
    sdk('GET /quarantine/queries/quarantined-files/v1 (QueryQuarantineFiles)'),
    sdk('POST /quarantine/entities/quarantined-files/GET/v1 (GetQuarantineFiles)'),
  ],
});

type Action = 'release' | 'unrelease' | 'delete';

/** The state that shows it [mem]. A released file can run again, whatever it is. */
const ACTIONS: Readonly<Record<Action, Pick<Effect, 'kind' | 'reversible'> & { readonly state: string }>> = {
  release: { kind: 'privilege', reversible: 'operation', state: 'released' },
  unrelease: { kind: 'isolate', reversible: 'operation', state: 'unreleased' },
  delete: { kind: 'delete', reversible: 'no', state: 'deleted' },
};

const actOnFiles = writeOperation({
  name: 'crowdstrike.quarantine.act',
  description: 'Lets quarantined files go back to their hosts (release), takes that back (unrelease), or deletes them.',
  input: z.strictObject({
    action: z.enum(['release', 'unrelease', 'delete']),
    ids: distinct(quarantineId),
    comment: z.string().max(500).default(''),
  }),
  output: perIdOutput,
  resourceTypes: ['CrowdStrike::QuarantinedFile'],
  resources: ({ ids }) => refs('CrowdStrike::QuarantinedFile', ids),
  provenance: { arguments: { ids: 'target', action: 'flag', comment: 'content' } },
  effect: ({ action, ids }) => change(ACTIONS[action].kind, ACTIONS[action].reversible, { count: ids.length }),
  effectKinds: ['privilege', 'isolate', 'delete'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ action, ids, comment }) => ({
      method: 'PATCH',
      path: '/quarantine/entities/quarantined-files/v1',
      body: { action, comment, ids },
    }),
    repeatable: false,
    // The answer has no list of results; with errors in it the outcome is read back.
    result: ({ body }, { ids }) => {
      z.object({ meta: z.object({}) }).parse(body);
      return { done: ids, refused: [] };
    },
  }),
  probe: settle({
    call: ({ ids }) => ({ method: 'POST', path: ENTITIES, body: { ids } }),
    item: file,
    judge: (files, { action, ids }) =>
      allOrNone(
        files.map(({ state }) => state === ACTIONS[action].state),
        ids.length,
      ),
    result: (_files, { ids }) => ({ done: ids, refused: [] }),
  }),
  undo: ({ action, ids, comment }, result) => {
    if (action === 'delete') return undefined;
    const said = perIdOutput.safeParse(result);
    const done = said.success ? said.data.done : ids;
    const opposite = action === 'release' ? 'unrelease' : 'release';
    return { operation: 'crowdstrike.quarantine.act', input: { action: opposite, ids: done, comment } };
  },
  evidence: [
    sdk('PATCH /quarantine/entities/quarantined-files/v1 {action, comment, ids} (UpdateQuarantinedDetectsByIds)'),
    mem('the values of state'),
  ],
});

export const quarantineOperations = [searchFiles, actOnFiles] as const;

import { z } from 'zod';
import { readOperation, type WriteOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { call } from '../call.ts';
import { ALL_OF_IT, change } from '../effects.ts';
import { mem, once, sdk } from '../evidence.ts';
import { projectKey } from '../ids.ts';
import { stateProbe } from '../read-back.ts';
import { project } from '../resources.ts';

const inProject = z.strictObject({ project: projectKey });
type InProject = z.output<typeof inProject>;
const projectPath = (input: InProject): string => path`/project/${input.project}`;
const onProject = {
  resourceTypes: ['Jira::Project'],
  resources: (input: InProject) => [project(input.project)] as const,
  provenance: { arguments: { project: 'target' } },
} as const;

const flag = z.boolean().nullish();
const shape = z.object({ id: z.string(), key: z.string(), name: z.string(), archived: flag, deleted: flag });

/** Whatever is there is read back by its own record, which says whether it lies in the bin or the archive. */
const probe = (isApplied: (found: z.output<typeof shape>) => boolean) =>
  stateProbe(
    (input: InProject) => ({ path: projectPath(input) }),
    (body) => isApplied(shape.parse(body)),
  );

const getProject = readOperation({
  ...onProject,
  name: 'jira.project.get',
  description: 'Reads one project.',
  input: inProject,
  output: shape,
  execute: httpExecution({
    request: (input) => call('GET', projectPath(input)),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [sdk('projects.getProject')],
});

const deleteProject = writeOperation({
  ...onProject,
  name: 'jira.project.delete',
  description: 'Deletes a project with all its issues: into the bin with `enable_undo`, else for good.',
  input: inProject.extend({ enable_undo: z.boolean().default(true) }),
  output: z.object({}),
  provenance: { arguments: { project: 'target', enable_undo: 'flag' } },
  effect: (input) =>
    change('delete', { reversible: input.enable_undo ? 'window' : 'no', privileged: true, count: ALL_OF_IT }),
  effectKinds: ['delete'],
  repeat: once('DELETE /project/{key}?enableUndo'),
  execute: httpExecution({
    request: (input) => call('DELETE', projectPath(input), { query: { enableUndo: String(input.enable_undo) } }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: probe(({ deleted }) => deleted === true),
  undo: ({ project, enable_undo }) =>
    enable_undo ? { operation: 'jira.project.restore', input: { project } } : undefined,
  evidence: [sdk('projects.deleteProject: enableUndo')],
});

function shelving(
  verb: 'archive' | 'restore',
  said: Pick<WriteOperation<typeof inProject>, 'description' | 'effect' | 'effectKinds' | 'probe' | 'undo'>,
) {
  return writeOperation({
    ...onProject,
    ...said,
    name: `jira.project.${verb}`,
    input: inProject,
    output: z.object({}),
    repeat: once(`POST /project/{key}/${verb}`, verb === 'archive' ? 'sdk' : 'mem'),
    execute: httpExecution({
      request: (input: InProject) => call('POST', `${projectPath(input)}/${verb}`),
      repeatable: false,
      result: () => ({}),
    }),
    evidence: [verb === 'archive' ? sdk('projects.archiveProject') : mem('POST /rest/api/3/project/{key}/restore')],
  });
}

const archiveProject = shelving('archive', {
  description: 'Takes a project with all its issues out of sight and out of work.',
  effect: () => change('isolate', { reversible: 'operation', privileged: true, count: ALL_OF_IT }),
  effectKinds: ['isolate'],
  probe: probe(({ archived }) => archived === true),
  undo: ({ project }) => ({ operation: 'jira.project.restore', input: { project } }),
});

const restoreProject = shelving('restore', {
  description: 'Brings a project back from the bin or the archive (unverified).',
  effect: () => change('update', { privileged: true, count: ALL_OF_IT }),
  effectKinds: ['update'],
  probe: probe(({ archived, deleted }) => archived !== true && deleted !== true),
  undo: { none: 'Whether it came from the bin or the archive is not kept.' },
});

export const projectOperations = [getProject, deleteProject, archiveProject, restoreProject] as const;

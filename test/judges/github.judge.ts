import fixtures from '../../connectors/github/conformance.ts';
import github from '../../connectors/github/index.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';
import type { Reply } from './recorder.ts';

type Method = (parameters: JsonObject) => Promise<unknown>;
interface Octokit {
  readonly rest: Readonly<Record<string, Readonly<Record<string, Method>>>>;
}

const { Octokit } = loadSdk('@octokit/rest') as { Octokit: new (options: unknown) => Octokit }; // as its README has it

/** The SDK's method for each operation. Its parameters are ours, but for those that are renamed. */
const METHODS: Readonly<
  Record<string, readonly [group: string, method: string, renamed?: Readonly<Record<string, string>>]>
> = {
  'github.repository.get': ['repos', 'get'],
  'github.repository.update': ['repos', 'update'],
  'github.repository.delete': ['repos', 'delete'],
  'github.repository.transfer': ['repos', 'transfer'],
  'github.repository.dispatch': ['repos', 'createDispatchEvent'],
  'github.workflow.run': ['actions', 'createWorkflowDispatch', { workflow: 'workflow_id' }],
  'github.branch-protection.get': ['repos', 'getBranchProtection'],
  'github.branch-protection.set': ['repos', 'updateBranchProtection'],
  'github.branch-protection.remove': ['repos', 'deleteBranchProtection'],
  'github.collaborator.list': ['repos', 'listCollaborators'],
  'github.collaborator.add': ['repos', 'addCollaborator'],
  'github.collaborator.remove': ['repos', 'removeCollaborator'],
  'github.member.set': ['orgs', 'setMembershipForUser'],
  'github.member.remove': ['orgs', 'removeMember'],
  'github.deploy-key.create': ['repos', 'createDeployKey'],
  'github.deploy-key.delete': ['repos', 'deleteDeployKey'],
  'github.secret.set': ['actions', 'createOrUpdateRepoSecret', { name: 'secret_name' }],
  'github.secret.delete': ['actions', 'deleteRepoSecret', { name: 'secret_name' }],
  'github.file.get': ['repos', 'getContent'],
  'github.file.put': ['repos', 'createOrUpdateFileContents'],
  'github.file.delete': ['repos', 'deleteFile'],
  'github.branch.create': ['git', 'createRef'],
  'github.branch.delete': ['git', 'deleteRef'],
  'github.pull.merge': ['pulls', 'merge'],
  'github.issue.get': ['issues', 'get'],
  'github.issue.list': ['issues', 'listForRepo'],
  'github.issue.create': ['issues', 'create'],
  'github.issue.update': ['issues', 'update'],
  'github.issue.comment': ['issues', 'createComment'],
};

const OUR_DEFAULTS = 'We say outright what the default is.';
const DIFFERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'github.collaborator.list': { 'query.page': OUR_DEFAULTS, 'query.per_page': OUR_DEFAULTS },
  'github.issue.list': { 'query.page': OUR_DEFAULTS, 'query.per_page': OUR_DEFAULTS, 'query.state': OUR_DEFAULTS },
  'github.pull.merge': { 'body.merge_method': OUR_DEFAULTS },
};

/** What is asked before a change is no part of it; this satisfies either. */
const ANSWER: Reply = { body: { ref: 'refs/heads/x', object: { sha: 'a'.repeat(40) }, labels: [], assignees: [] } };

const pairs = fixtures.samples.map(({ operation, input }): Pair<Octokit> => {
  const [group, method, renamed = {}] = METHODS[operation] ?? ['none', 'none'];
  const { branch, ...rest } = input as JsonObject & { readonly branch?: string };
  const given: JsonObject =
    operation === 'github.branch.create'
      ? { ...rest, ref: `refs/heads/${branch}` }
      : operation === 'github.branch.delete'
        ? { ...rest, ref: `heads/${branch}` }
        : input;
  const parameters = Object.fromEntries(Object.entries(given).map(([name, value]) => [renamed[name] ?? name, value]));
  const call = ({ rest: api }: Octokit) => {
    const found = api[group]?.[method];
    if (found === undefined) throw new Error(`the SDK has no ${group}.${method}`);
    return found(parameters);
  };
  return { operation, input, call, replies: [ANSWER], ...(DIFFERS[operation] && { differs: DIFFERS[operation] }) };
});

judgeConnector<Octokit>({
  connector: github,
  settings: (origin) => ({ origin, token: 'secret' }),
  sdk: (origin) =>
    new Octokit({
      auth: 'ghp_secret',
      baseUrl: origin,
      log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
    }),
  everywhere: {
    'header authorization: bearer ≠ token':
      'The documentation writes Bearer; the SDK writes the older word, which is taken as well.',
  },
  pairs,
});

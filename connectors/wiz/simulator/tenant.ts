import { GraphQLError } from 'graphql';
import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';

export const SEED = {
  issue: 'issue-open-1',
  note: 'note-seeded-1',
  connector: 'connector-aws',
  account: 'account-ci-1',
  rule: 'rule-page-1',
  control: 'wc-id-1',
  disabled: 'wc-id-2',
  saml: 'saml-okta',
  role: 'global-admin',
  resource: 'vm-billing-1',
  action: 'action-webhook',
} as const;

interface Tenant {
  readonly issues: Map<string, JsonObject>;
  readonly things: Set<string>;
  readonly controls: Map<string, boolean>;
}

type Resolver = (args: JsonObject, world: SimulatorWorld) => unknown;

function missing(id: unknown): GraphQLError {
  return new GraphQLError(`${String(id)} does not exist`, { extensions: { code: 'NOT_FOUND' } });
}

interface Input {
  readonly input: JsonObject;
}

/** A tenant's data, and what its fields do with it. */
export function createTenant(): Readonly<Record<string, Resolver>> {
  const issue = { status: 'OPEN', severity: 'HIGH', dueAt: null, resolutionReason: null };
  const tenant: Tenant = {
    issues: new Map(
      [SEED.issue, 'issue-open-2'].map((id) => [
        id,
        { id, ...issue, entitySnapshot: { id: SEED.resource, name: 'billing', type: 'VM' } },
      ]),
    ),
    things: new Set([SEED.note, SEED.connector, SEED.account, SEED.rule, SEED.saml, SEED.resource]),
    controls: new Map([
      [SEED.control, true],
      [SEED.disabled, false],
    ]),
  };
  const deletes =
    (effect: string): Resolver =>
    (args, world) => {
      const { id } = (args as unknown as Input).input; // the schema has checked it
      if (!tenant.things.delete(String(id))) throw missing(id);
      world.audit(effect, String(id));
      return { _stub: '' };
    };
  const creates =
    (effect: string, member: string, more: (world: SimulatorWorld) => JsonObject = () => ({})): Resolver =>
    (args, world) => {
      const { input } = args as unknown as Input; // as above
      const id = `${effect.split('.')[0]}-${world.id().slice(0, 8)}`;
      tenant.things.add(id);
      world.audit(effect, String(input['name'] ?? input['issueId'] ?? id));
      return { [member]: { id, ...input, ...more(world) } };
    };
  return {
    issuesV2: ({ filterBy, first, after }) =>
      page([...tenant.issues.values()].filter(wanted(filterBy as JsonObject)), { first, after }),
    cloudResources: ({ first, after }) =>
      page([{ id: SEED.resource, name: 'billing', type: 'VIRTUAL_MACHINE' }], { first, after }),
    updateIssue: (args, world) => updateIssue(tenant, (args as unknown as Input).input, world),
    createIssueNote: creates('issue.add-note', 'issueNote'),
    deleteIssueNote: deletes('issue.delete-note'),
    deleteConnector: deletes('connector.delete'),
    createServiceAccount: creates('service-account.create', 'serviceAccount', (world) => ({
      clientId: 'client-1',
      clientSecret: `made-${world.id()}`,
    })),
    deleteServiceAccount: deletes('service-account.delete'),
    createProject: creates('project.create', 'project'),
    createAutomationRule: creates('automation-rule.create', 'automationRule'),
    deleteAutomationRule: deletes('automation-rule.delete'),
    updateControl: (args, world) => {
      const { id, patch } = (args as unknown as { input: { id: string; patch: { enabled: boolean } } }).input;
      const before = tenant.controls.get(id);
      if (before === undefined) throw missing(id);
      if (before !== patch.enabled) world.audit('control.set-enabled', id);
      tenant.controls.set(id, patch.enabled);
      return { control: { id } };
    },
    setSAMLGroupMapping: (args, world) => {
      world.audit('saml.set-group-mapping', String((args as unknown as Input).input['samlIdpId']));
      return { _stub: '' };
    },
    copyResourceForensicsToExternalAccount: (args, world) => {
      world.audit('forensics.copy', String((args as unknown as Input).input['id']));
      return { systemActivityGroupId: 'activity-1' };
    },
  };
}

function wanted(filter: JsonObject = {}): (issue: JsonObject) => boolean {
  const { relatedEntity, ...fields } = filter;
  const entity = isJsonObject(relatedEntity) ? relatedEntity['id'] : undefined;
  return (issue) =>
    (entity === undefined || (isJsonObject(issue['entitySnapshot']) && issue['entitySnapshot']['id'] === entity)) &&
    Object.entries(fields).every(([name, values]) => !Array.isArray(values) || values.includes(issue[name] ?? null));
}

function page(nodes: readonly JsonObject[], { first, after }: { readonly first?: unknown; readonly after?: unknown }) {
  const from = Number(after ?? 0);
  const end = from + Number(first ?? 50);
  return {
    nodes: nodes.slice(from, end),
    totalCount: nodes.length,
    pageInfo: { hasNextPage: end < nodes.length, endCursor: end < nodes.length ? String(end) : null },
  };
}

function updateIssue({ issues }: Tenant, { id, patch }: JsonObject, world: SimulatorWorld) {
  const before = issues.get(String(id));
  if (before === undefined) throw missing(id);
  const { note, ...changes } = patch as JsonObject; // the schema has checked it
  const changed = { ...before, ...changes };
  if (JSON.stringify(changed) !== JSON.stringify(before) || note !== undefined) world.audit('issue.update', String(id));
  issues.set(String(id), changed);
  return { issue: changed };
}

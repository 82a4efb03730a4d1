import { z } from 'zod';
import type { Effect, EffectKind } from '../../../src/action/effect.ts';
import type { Undo } from '../../../src/connector/contract.ts';
import type { Json } from '../../../src/lib/json.ts';
import { ALL_WATCHED, change } from '../effects.ts';
import { type FieldOperation, inputArgument, mutationField, queryField } from '../field-operation.ts';
import { cursor, id, name } from '../ids.ts';
import { COLLECTION, ref, type WizType } from '../resources.ts';
import { pageArguments, pageOf } from './issue.ts';

const text = z.string().nullish();

const resources = queryField({
  name: 'wiz.resource.list',
  description: 'Lists cloud resources, with the names that their owners gave them.',
  input: z.strictObject({
    limit: z.int().min(1).max(500).default(50),
    cursor: cursor.optional(),
    search: z.string().max(256).optional(),
    type: z
      .array(z.string().regex(/^[A-Z_]{2,64}$/))
      .max(20)
      .optional(),
  }),
  output: z.object({
    items: z.array(z.object({ id: z.string(), name: text, type: text })),
    cursor: z.string().optional(),
  }),
  resourceTypes: ['Wiz::CloudResource'],
  resources: () => [ref('Wiz::CloudResource', COLLECTION)],
  labels: () => ['security', 'untrusted'],
  touched: ({ items }) => items.map((found) => ref('Wiz::CloudResource', found.id)),
  provenance: { returns: { fields: { 'items[*].name': 'others' } } },
  inputOf: pageArguments,
  asking: {
    field: 'cloudResources',
    document: `query Resources($first: Int, $after: String, $filterBy: CloudResourceFilters) {
      cloudResources(first: $first, after: $after, filterBy: $filterBy) { nodes { id name type } pageInfo { hasNextPage endCursor } }
    }`,
    variables: ({ limit, cursor: after, search, type }) => ({
      first: limit,
      ...(after === undefined ? {} : { after }),
      filterBy: { ...(search === undefined ? {} : { search }), ...(type === undefined ? {} : { type }) },
    }),
    result: pageOf,
  },
});

interface Removal {
  readonly noun: string;
  readonly field: string;
  readonly inputType: string;
  readonly type: WizType;
  readonly description: string;
  readonly effect: Effect;
  readonly kind: EffectKind;
  readonly none: string;
}

/** Deletes one thing by its id. */
function removal({ noun, field, inputType, type, description, effect, kind, none }: Removal): FieldOperation {
  return mutationField({
    name: `wiz.${noun}.delete`,
    description,
    input: z.strictObject({ id }),
    output: z.object({}),
    resourceTypes: [type],
    resources: (input) => [ref(type, input.id)],
    provenance: { arguments: { id: 'target' } },
    effect: () => effect,
    effectKinds: [kind],
    inputOf: inputArgument,
    asking: {
      field,
      document: `mutation Delete($input: ${inputType}!) { ${field}(input: $input) { _stub } }`,
      variables: (input) => ({ input }),
      result: () => ({}),
    },
    undo: { none },
  });
}

/** Takes a thing back that the answer names. */
function deletes<I>(operation: string, member: string): Undo<I> {
  return (_: I, result: Json | undefined) => {
    const made = z.object({ [member]: z.object({ id }) }).safeParse(result);
    const found = made.success ? made.data[member] : undefined;
    return found === undefined ? undefined : { operation, input: { id: found.id } };
  };
}

const account = z.object({
  serviceAccount: z.object({ id: z.string(), name: text, clientId: text, clientSecret: text }),
});

const createAccount = mutationField({
  name: 'wiz.service-account.create',
  description: 'Makes a service account; **the answer has its secret**, which is shown once.',
  input: z.strictObject({
    name,
    scopes: z
      .array(z.string().regex(/^[a-z_]+:[a-z_]+$/))
      .min(1)
      .max(50),
  }),
  output: account,
  resourceTypes: ['Wiz::ServiceAccount'],
  resources: () => [ref('Wiz::ServiceAccount', COLLECTION)],
  touched: (made) => [ref('Wiz::ServiceAccount', made.serviceAccount.id)],
  labels: () => ['secret'],
  provenance: { arguments: { scopes: 'credential' } },
  effect: ({ scopes }) => change('privilege', { privileged: true, reversible: 'operation', count: scopes.length }),
  effectKinds: ['privilege'],
  inputOf: inputArgument,
  asking: {
    field: 'createServiceAccount',
    document: `mutation Create($input: CreateServiceAccountInput!) {
      createServiceAccount(input: $input) { serviceAccount { id name clientId clientSecret } }
    }`,
    variables: (input) => ({ input }),
  },
  undo: deletes('wiz.service-account.delete', 'serviceAccount'),
});

const createProject = mutationField({
  name: 'wiz.project.create',
  description: 'Makes a project.',
  input: z.strictObject({ name, description: z.string().max(1_000).optional() }),
  output: z.object({ project: z.object({ id: z.string(), name: text }) }),
  resourceTypes: ['Wiz::Project'],
  resources: () => [ref('Wiz::Project', COLLECTION)],
  touched: (made) => [ref('Wiz::Project', made.project.id)],
  effect: () => change('create'),
  effectKinds: ['create'],
  inputOf: inputArgument,
  asking: {
    field: 'createProject',
    document: 'mutation Create($input: CreateProjectInput!) { createProject(input: $input) { project { id name } } }',
    variables: ({ description, ...input }) => ({
      input: { ...input, ...(description === undefined ? {} : { description }) },
    }),
  },
  undo: { none: 'No public client deletes a project.' },
});

const createRule = mutationField({
  name: 'wiz.automation-rule.create',
  description: 'Has something done by itself whenever an issue is made or changes.',
  input: z.strictObject({
    name,
    triggerSource: z.enum(['ISSUES', 'CONTROL']),
    triggerType: z
      .array(z.enum(['CREATED', 'UPDATED', 'RESOLVED', 'REOPENED']))
      .min(1)
      .max(4),
    actionId: id,
    enabled: z.boolean().default(true),
  }),
  output: z.object({ automationRule: z.object({ id: z.string(), name: text }) }),
  resourceTypes: ['Wiz::AutomationRule'],
  resources: () => [ref('Wiz::AutomationRule', COLLECTION)],
  touched: (made) => [ref('Wiz::AutomationRule', made.automationRule.id)],
  provenance: { arguments: { actionId: 'destination', enabled: 'flag' } },
  effect: () => change('execute', { privileged: true, external: true, reversible: 'operation', count: ALL_WATCHED }),
  effectKinds: ['execute'],
  inputOf: inputArgument,
  asking: {
    field: 'createAutomationRule',
    document:
      'mutation Create($input: CreateAutomationRuleInput!) { createAutomationRule(input: $input) { automationRule { id name } } }',
    variables: (input) => ({ input }),
  },
  undo: deletes('wiz.automation-rule.delete', 'automationRule'),
});

const setControl = mutationField({
  name: 'wiz.control.set-enabled',
  description: 'Switches a control on or off. What it would have found is not found while it is off.',
  input: z.strictObject({ id, enabled: z.boolean() }),
  output: z.object({}),
  resourceTypes: ['Wiz::Control'],
  resources: (input) => [ref('Wiz::Control', input.id)],
  provenance: { arguments: { id: 'target', enabled: 'flag' } },
  effect: ({ enabled }) =>
    change(enabled ? 'update' : 'privilege', { privileged: true, reversible: 'operation', count: ALL_WATCHED }),
  effectKinds: ['update', 'privilege'],
  inputOf: (args) => {
    const { id: control, patch } = z
      .strictObject({ id: z.json(), patch: z.strictObject({ enabled: z.json() }) })
      .parse(inputArgument(args));
    return { id: control, enabled: patch.enabled };
  },
  asking: {
    field: 'updateControl',
    document: 'mutation Update($input: UpdateControlInput!) { updateControl(input: $input) { control { id } } }',
    variables: ({ id: control, enabled }) => ({ input: { id: control, patch: { enabled } } }),
    result: () => ({}),
  },
  undo: ({ id: control, enabled }) => ({
    operation: 'wiz.control.set-enabled',
    input: { id: control, enabled: !enabled },
  }),
});

const mapGroups = mutationField({
  name: 'wiz.saml.set-group-mapping',
  description: 'Decides which groups of the identity provider have which role; replaces what was there.',
  input: z.strictObject({
    samlIdpId: id,
    mappings: z
      .array(z.strictObject({ providerGroupId: z.string().min(1).max(256), role: id }))
      .min(1)
      .max(100),
  }),
  output: z.object({}),
  resourceTypes: ['Wiz::SamlProvider'],
  resources: (input) => [ref('Wiz::SamlProvider', input.samlIdpId)],
  provenance: {
    arguments: { samlIdpId: 'target', 'mappings[*].providerGroupId': 'destination', 'mappings[*].role': 'credential' },
  },
  effect: () => change('privilege', { privileged: true, count: ALL_WATCHED }),
  effectKinds: ['privilege'],
  inputOf: inputArgument,
  asking: {
    field: 'setSAMLGroupMapping',
    document: 'mutation Set($input: SetSAMLGroupMappingInput!) { setSAMLGroupMapping(input: $input) { _stub } }',
    variables: (input) => ({ input }),
    result: () => ({}),
  },
  undo: { none: 'Which groups had which role before is not kept.' },
});

const copyForensics = mutationField({
  name: 'wiz.forensics.copy-to-external-account',
  description: 'Copies the disks of a resource into another cloud account: what is on them leaves the account.',
  input: z.strictObject({ id }),
  output: z.object({}),
  resourceTypes: ['Wiz::CloudResource'],
  resources: (input) => [ref('Wiz::CloudResource', input.id)],
  provenance: { arguments: { id: 'target' } },
  effect: () => change('communicate', { privileged: true, external: true }),
  effectKinds: ['communicate'],
  inputOf: inputArgument,
  asking: {
    field: 'copyResourceForensicsToExternalAccount',
    document:
      'mutation Copy($input: CopyResourceForensicsToExternalAccountInput!) { copyResourceForensicsToExternalAccount(input: $input) { systemActivityGroupId } }',
    variables: (input) => ({ input }),
    result: () => ({}),
  },
  undo: { none: 'A copy that is out is out.' },
});

export const administrationFields: readonly FieldOperation[] = [
  resources,
  removal({
    noun: 'connector',
    field: 'deleteConnector',
    inputType: 'DeleteConnectorInput',
    type: 'Wiz::Connector',
    description: 'Disconnects a cloud account: nothing in it is watched any more.',
    effect: change('delete', { privileged: true, count: ALL_WATCHED }),
    kind: 'delete',
    none: 'A new connector needs the account’s own consent again.',
  }),
  createAccount,
  removal({
    noun: 'service-account',
    field: 'deleteServiceAccount',
    inputType: 'DeleteServiceAccountInput',
    type: 'Wiz::ServiceAccount',
    description: 'Deletes a service account: whatever uses it is shut out.',
    effect: change('privilege', { privileged: true }),
    kind: 'privilege',
    none: 'A new one has another secret.',
  }),
  createProject,
  createRule,
  removal({
    noun: 'automation-rule',
    field: 'deleteAutomationRule',
    inputType: 'DeleteAutomationRuleInput',
    type: 'Wiz::AutomationRule',
    description: 'Deletes a rule: what it did by itself is not done any more.',
    effect: change('delete', { privileged: true, count: ALL_WATCHED }),
    kind: 'delete',
    none: 'What the rule did is not kept.',
  }),
  setControl,
  mapGroups,
  copyForensics,
];

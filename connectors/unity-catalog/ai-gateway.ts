import { z } from 'zod';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { changeKeeping, stateProbe } from './read-back.ts';
import { ref } from './resources.ts';

/** [sdk] AiGatewayGuardrailParameters. */
const side = z.strictObject({
  safety: z.boolean().exactOptional(),
  pii: z.strictObject({ behavior: z.enum(['NONE', 'BLOCK', 'MASK']) }).exactOptional(),
  invalid_keywords: z.array(z.string().min(1)).max(1_000).exactOptional(),
  valid_topics: z.array(z.string().min(1)).max(1_000).exactOptional(),
});
const configuration = z.strictObject({
  guardrails: z.strictObject({ input: side.exactOptional(), output: side.exactOptional() }).exactOptional(),
  rate_limits: z
    .array(
      z.strictObject({
        calls: z.int().min(0),
        key: z.enum(['user', 'endpoint', 'user_group', 'service_principal']).exactOptional(),
        principal: z.string().exactOptional(),
        renewal_period: z.enum(['minute']),
      }),
    )
    .max(100)
    .exactOptional(),
  usage_tracking_config: z.strictObject({ enabled: z.boolean() }).exactOptional(),
});
type Configuration = z.output<typeof configuration>;

/** What this connector knows of a configuration; a vendor's further field would be lost, so such a one is not changed. */
const shown = z.object({ ai_gateway: configuration.default({}) });

/** Read back, nobody knows what was there before. */
const changed = z.object({ former: configuration.optional() });

const name = z.string().regex(/^[A-Za-z0-9_-]{1,63}$/, 'the name of an endpoint');
const pathOf = (input: { readonly name: string }) => path`/api/2.0/serving-endpoints/${input.name}`;
const onEndpoint = (input: { readonly name: string }) => [ref('UnityCatalog::Endpoint', input.name)] as const;

/** Whether a model behind it is guarded as this API can guard it: safety on both sides, personal data not let through. */
function guards({ guardrails, usage_tracking_config, rate_limits }: Configuration): boolean {
  const sides = [guardrails?.input, guardrails?.output];
  const isGuarded = sides.every((one) => one?.safety === true && one.pii !== undefined && one.pii.behavior !== 'NONE');
  return isGuarded && usage_tracking_config?.enabled === true && (rate_limits ?? []).length > 0;
}

const getGateway = readOperation({
  name: 'unity-catalog.ai-gateway.get',
  description: 'Shows the guardrails, limits and tracking in front of a served model.',
  input: z.strictObject({ name }),
  output: z.object({ ai_gateway: z.record(z.string(), z.json()).default({}) }),
  resourceTypes: ['UnityCatalog::Endpoint'],
  resources: onEndpoint,
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => ({ method: 'GET', path: pathOf(input) }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'sdk', source: 'serving_endpoints.get: GET /api/2.0/serving-endpoints/{name}, ai_gateway' }],
});

const putGateway = writeOperation({
  name: 'unity-catalog.ai-gateway.configure',
  description:
    'Replaces the guardrails, limits and tracking in front of a served model: what is left out is switched off.',
  input: z.strictObject({ name, ...configuration.shape }),
  output: changed,
  resourceTypes: ['UnityCatalog::Endpoint'],
  resources: onEndpoint,
  labels: () => ['security'],
  provenance: {
    arguments: { name: 'target', guardrails: 'flag', rate_limits: 'amount', usage_tracking_config: 'flag' },
  },
  effect: (input) => ({
    kind: guards(input) ? 'update' : 'privilege',
    reversible: 'operation',
    external: false,
    privileged: true,
    count: 1,
  }),
  effectKinds: ['update', 'privilege'],
  repeat: { class: 'naturally-idempotent', evidence: { mark: 'sdk', source: 'PUT sets the whole configuration' } },
  execute: ({ name: of, ...body }, context) =>
    changeKeeping(
      {
        from: pathOf({ name: of }),
        former: (reply) => shown.parse(reply.body).ai_gateway,
        call: { method: 'PUT', path: path`/api/2.0/serving-endpoints/${of}/ai-gateway`, body },
        repeatable: true,
      },
      context,
    ),
  probe: stateProbe(pathOf, (reply, { name: _, ...wanted }: { readonly name: string } & Configuration) => {
    const there = shown.safeParse(reply.body);
    return there.success ? canonical(there.data.ai_gateway) === canonical(wanted) : undefined;
  }),
  undo: ({ name: of }, result) => {
    const former = changed.safeParse(result).data?.former;
    if (former === undefined) return undefined;
    return { operation: 'unity-catalog.ai-gateway.configure', input: { name: of, ...former } };
  },
  evidence: [
    { mark: 'sdk', source: 'serving_endpoints.put_ai_gateway: PUT /api/2.0/serving-endpoints/{name}/ai-gateway' },
  ],
});

/** The same text for the same configuration, in whichever order the vendor writes it. */
const canonical = (value: Configuration): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

export const aiGatewayOperations = [getGateway, putGateway] as const;

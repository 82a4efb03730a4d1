import { z } from 'zod';
import { labelName } from '../../src/action/names.ts';
import type { Authentication } from '../../src/connector/contract.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';

const price = z.number().min(0);

/** What a model costs, in minor units of the currency for a million tokens. */
const modelSettings = z.strictObject({
  inputPerMillion: price,
  outputPerMillion: price.default(0),
  /** The most that one answer of it can have; what a call does not limit is limited to this. */
  maxOutputTokens: z.int().min(1).optional(),
});

export const modelsSettings = z.strictObject({
  /** `https://api.openai.com`, a workspace, or a server of your own. */
  origin: z.url(),
  key: secretReference(),
  /** `databricks`: the paths of the Databricks AI Gateway, and the older name of the limit. */
  dialect: z.enum(['openai', 'databricks']).default('openai'),
  /** Path below the origin; default: that of the dialect. */
  basePath: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9_-]+)*$/, 'a path as /v1, without a slash at its end')
    .optional(),
  /** The models run inside the organisation: what is sent to them does not leave it. */
  inside: z.boolean().default(false),
  /** Kinds of data that every prompt has, as labels. */
  promptLabels: z.array(labelName).default([]),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code')
    .default('USD'),
  /** Prices by model. The cost of a model that is not here is unknown beforehand, and policies can ask a human. */
  models: z.record(z.string(), modelSettings).default({}),
  /** For models that name none, and calls that do not limit their answer. */
  maxOutputTokens: z.int().min(1).default(4_096),
});

export type ModelsSettings = z.output<typeof modelsSettings>;

export function authenticationOf({ key }: ModelsSettings): Authentication {
  return headerAuthentication({ header: 'authorization', value: `Bearer ${key}` });
}

/** What the settings say of a model; of one that has the name of something else, nothing. */
export function settingsOf({ models }: ModelsSettings, model: string): z.output<typeof modelSettings> | undefined {
  return Object.hasOwn(models, model) ? models[model] : undefined;
}

const BASE_PATHS = { openai: '/v1', databricks: '/serving-endpoints' } as const;

export function basePathOf({ basePath, dialect }: ModelsSettings): string {
  return basePath ?? BASE_PATHS[dialect];
}

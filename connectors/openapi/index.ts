import { resolve } from 'node:path';
import { type ConnectedSystem, type ConnectorEnvironment, defineConnector } from '../../src/connector/contract.ts';
import { readManifest } from '../../src/connector/intake/read-manifest.ts';
import { writePin } from '../../src/connector/intake/write-pin.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { type ApiManifest, apiManifest } from './api-manifest.ts';
import { apiFailureOf } from './api-operation.ts';
import { type DescribedOperations, describedOperations, pinOf } from './described-operation.ts';
import { governApi } from './governed-api.ts';
import { SchemaMapper } from './json-schema-of.ts';
import { proposeManifest } from './propose-manifest.ts';
import { readDescription } from './read-description.ts';
import { authenticationOf, type Settings, settings } from './settings.ts';
import { simulateTasks } from './simulator/simulate-tasks.ts';

/** Any API with an OpenAPI description, its operations governed by a manifest. See README.md. */
export default defineConnector({
  system: 'openapi',
  title: 'APIs with an OpenAPI description',
  settings,
  connect,
  intake: {
    propose: async ({ description }, { baseDirectory }) =>
      proposeManifest(await described(resolve(baseDirectory, description))),
    proposeFrom: async (file) => proposeManifest(await described(file)),
    accept,
  },
  simulate: simulateTasks,
});

const NO_MANIFEST: ApiManifest = { operations: {} };

async function connect(chosen: Settings, environment: ConnectorEnvironment): Promise<ConnectedSystem> {
  const { system, baseDirectory, clock, log } = environment;
  const { origin, pathname } = new URL(chosen.url);
  const governed = governApi({
    system,
    described: await described(resolve(baseDirectory, chosen.description)),
    manifest:
      chosen.manifest === undefined
        ? NO_MANIFEST
        : await readManifest(resolve(baseDirectory, chosen.manifest), apiManifest),
    prefix: pathname.replace(/\/$/, ''),
  });
  const refused = governed.refused.map(({ operation }) => operation);
  if (refused.length > 0) log('warn', 'operations of the API are refused', { operations: refused });
  return {
    operations: governed.operations,
    requests: governed.requests,
    resourceTypes: Object.fromEntries(governed.resourceTypes.map((type) => [type, {}])),
    labels: governed.labels,
    refused: () => governed.refused,
    http: {
      origin,
      authentication: authenticationOf(chosen, clock),
      failureOf: apiFailureOf(clock),
      timeoutMs: chosen.timeoutMs,
    },
  };
}

async function described(file: string): Promise<DescribedOperations> {
  const description = await readDescription(file);
  const requests = new SchemaMapper(description, 'request');
  const answers = new SchemaMapper(description, 'answer');
  return describedOperations({ description, requests, answers });
}

async function accept(chosen: Settings, { baseDirectory }: ConnectorEnvironment, key: string): Promise<string> {
  if (chosen.manifest === undefined)
    throw new InterlockError('OPERATION_UNCLASSIFIED', 'the settings name no manifest');
  const operation = (await described(resolve(baseDirectory, chosen.description))).get(key);
  if (operation === undefined)
    throw new InterlockError('NOT_FOUND', `the API describes no operation ${JSON.stringify(key)}`);
  if (operation instanceof InterlockError) throw operation;
  const file = resolve(baseDirectory, chosen.manifest);
  const { operations } = await readManifest(file, apiManifest);
  if (!Object.hasOwn(operations, key) || operations[key]?.effect === undefined)
    throw new InterlockError('OPERATION_UNCLASSIFIED', `give ${key} an effect in ${file} first`);
  const pin = pinOf(operation);
  await writePin(file, { section: 'operations', name: key, pin });
  return pin;
}

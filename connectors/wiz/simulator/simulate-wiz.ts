import { buildSchema, graphql } from 'graphql';
import type { Simulate } from '../../../src/connector/contract.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { createSimulatedTokenEndpoint } from '../../../src/connector/simulator/token-endpoint.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { SDL } from './schema.ts';
import { createTenant } from './tenant.ts';

const CLIENT = { clientId: 'interlock', clientSecret: 'simulated-wiz-secret' };

/** A simulated tenant. The published GraphQL library reads and runs every document, so one that it does not take fails here. */
export const simulateWiz: Simulate = (options) => {
  const tokens = createSimulatedTokenEndpoint({ path: '/oauth/token', clients: [CLIENT] });
  const schema = buildSchema(SDL);
  const rootValue = createTenant();
  return createSimulator({
    options,
    settings: (origin) => ({ origin, tokenUrl: `${origin}/oauth/token`, ...CLIENT }),
    handle: async (request, world) => {
      const token = tokens.answer(request, world);
      if (token !== undefined) return token;
      if (tokens.clientOf(request, world) === undefined) return { status: 401, body: { errors: [] } };
      if (request.path !== '/graphql' || !isJsonObject(request.body)) return { status: 404, body: {} };
      const { query, variables, operationName } = request.body;
      const result = await graphql({
        schema,
        rootValue,
        contextValue: world,
        source: String(query),
        variableValues: isJsonObject(variables) ? variables : {},
        ...(typeof operationName === 'string' ? { operationName } : {}),
      });
      const errors = result.errors?.map((error) => {
        const code =
          error.extensions['code'] ??
          (error.path === undefined ? 'GRAPHQL_VALIDATION_FAILED' : 'INTERNAL_SERVER_ERROR');
        return {
          message: error.message,
          ...(error.path === undefined ? {} : { path: [...error.path] }),
          extensions: { code: code as Json },
        };
      });
      const data = JSON.parse(JSON.stringify(result.data ?? null)) as JsonObject | null;
      return { status: 200, body: { data, ...(errors === undefined ? {} : { errors }) } };
    },
  });
};

import { onTestFinished } from 'vitest';
import type { Simulator } from '../../../../src/connector/contract.ts';
import { createSimulator, type SimulatorResponse } from '../../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../../src/connector/simulator/read-simulator-request.ts';

/** An authorization server and an API behind it, on different origins. The API takes the tokens that are valid now. */
export interface TokenWorld {
  readonly tokenServer: Simulator;
  readonly api: Simulator;
  readonly tokenRequests: SimulatorRequest[];
  readonly apiRequests: SimulatorRequest[];
  /** From now on no token issued so far is good. */
  revokeAll(): void;
}

interface Rules {
  readonly expiresIn?: number;
  /** Answers a token request that is not to be granted. */
  readonly deny?: (request: SimulatorRequest) => SimulatorResponse | undefined;
  readonly extra?: () => Record<string, string>;
}

export async function startTokenWorld(rules: Rules = {}): Promise<TokenWorld> {
  const valid = new Set<string>();
  const tokenRequests: SimulatorRequest[] = [];
  const apiRequests: SimulatorRequest[] = [];
  const tokenServer = await createSimulator({
    options: { port: 0 },
    settings: () => ({}),
    handle(request, world) {
      tokenRequests.push(request);
      const denied = rules.deny?.(request);
      if (denied !== undefined) return denied;
      const token = `tok-${world.id()}`;
      valid.add(token);
      const body = {
        access_token: token,
        token_type: 'Bearer',
        expires_in: rules.expiresIn ?? 3_600,
        ...rules.extra?.(),
      };
      return { status: 200, body };
    },
  });
  const api = await createSimulator({
    options: { port: 0 },
    settings: () => ({}),
    handle(request) {
      apiRequests.push(request);
      const known = valid.has(request.headers['authorization']?.replace('Bearer ', '') ?? '');
      return known ? { status: 200, body: { ok: true } } : { status: 401, body: { error: 'invalid token' } };
    },
  });
  onTestFinished(() => tokenServer.close());
  onTestFinished(() => api.close());
  return { tokenServer, api, tokenRequests, apiRequests, revokeAll: () => valid.clear() };
}

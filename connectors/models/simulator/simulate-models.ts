import type { Simulator, SimulatorOptions } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import { createSimulatedRateLimit } from '../../../src/connector/simulator/rate-limit.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { createInventory, type Inventory, refuse } from './inventory.ts';
import { SEED, tokensIn } from './seed.ts';
import { simulateChat } from './simulate-chat.ts';
import { inputsOf, simulateResponse } from './simulate-response.ts';

export interface ModelsSimulatorOptions extends SimulatorOptions {
  readonly requestsPerMinute?: number | undefined;
}

const LIMITED: SimulatorResponse = {
  ...refuse(429, 'rate_limit_exceeded', 'Rate limit reached for requests'),
  headers: { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '0' },
};

/** A provider of models without models: it repeats what it is told, counts words as tokens, and audits every call. */
export function simulateModels(options: ModelsSimulatorOptions): Promise<Simulator> {
  const inventory = createInventory();
  const limit = createSimulatedRateLimit({
    limit: options.requestsPerMinute ?? Number.POSITIVE_INFINITY,
    windowMs: 60_000,
    hint: { kind: 'duration', header: 'x-ratelimit-reset-requests' },
    refusal: LIMITED,
  });
  return createSimulator({
    options,
    settings: (origin) => ({
      origin,
      key: SEED.key,
      models: {
        [SEED.models.small]: { inputPerMillion: 10_000_000, outputPerMillion: 20_000_000, maxOutputTokens: 64 },
      },
      maxOutputTokens: 64,
    }),
    refusal: (status) =>
      status === 429
        ? { ...LIMITED, headers: { ...LIMITED.headers, 'x-ratelimit-reset-requests': '1ms' } }
        : refuse(status, 'server_error', 'It was told to say so.'),
    handle(request, world) {
      if (request.headers['authorization'] !== `Bearer ${SEED.key}`)
        return refuse(401, 'invalid_api_key', 'Incorrect API key provided.');
      return limit.count(world.clock) ?? answer(request, { inventory, world });
    },
  });
}

function answer(
  request: SimulatorRequest,
  { inventory, world }: { readonly inventory: Inventory; readonly world: SimulatorWorld },
): SimulatorResponse {
  const call = CALLS[`${request.method} ${request.path}`];
  if (call === undefined) return inventory.answer(request, world) ?? refuse(404, 'unknown_url', 'Unknown request URL');
  const body = isJsonObject(request.body) ? request.body : {};
  const model = String(body['model']);
  if (!inventory.models.has(model)) return refuse(404, 'model_not_found', `The model ${model} does not exist`);
  world.audit(call.effect, model);
  return call.answer(body, world);
}

interface Call {
  readonly effect: string;
  readonly answer: (body: JsonObject, world: SimulatorWorld) => SimulatorResponse;
}

const seconds = ({ clock }: SimulatorWorld): number => Math.floor(clock.now() / 1_000);

const chat: Call = { effect: 'chat.complete', answer: (body, world) => simulateChat(body, world.id(), seconds(world)) };
const embedding: Call = { effect: 'embedding.create', answer: embed };

const CALLS: Readonly<Record<string, Call>> = {
  'POST /v1/chat/completions': chat,
  'POST /serving-endpoints/chat/completions': chat,
  'POST /v1/responses': {
    effect: 'response.create',
    answer: (body, world) => simulateResponse(body, world.id(), seconds(world)),
  },
  'POST /v1/embeddings': embedding,
  'POST /serving-endpoints/embeddings': embedding,
  'POST /v1/moderations': { effect: 'moderation.create', answer: moderate },
};

function embed(body: JsonObject): SimulatorResponse {
  const texts = inputsOf(body);
  const tokens = texts.reduce((sum, text) => sum + tokensIn(text), 0);
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, tokensIn(text)] }));
  return {
    status: 200,
    body: {
      object: 'list',
      model: String(body['model']),
      data,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    },
  };
}

function moderate(body: JsonObject, world: SimulatorWorld): SimulatorResponse {
  const results = inputsOf(body).map((text) => {
    const flagged = text.includes('harm');
    return { flagged, categories: { violence: flagged }, category_scores: { violence: flagged ? 0.9 : 0.1 } };
  });
  return { status: 200, body: { id: `modr-${world.id()}`, model: String(body['model']), results } };
}

import type { Answer } from '../../src/gate/answers.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { KEY } from './processes.ts';

const WORKFLOWS = 4;
const AGENTS = 2;
const CLIENTS = 32;
/** Every so many calls one is of a kind that policy forbids. */
const FORBIDDEN_EVERY = 10;

export interface Call {
  readonly id: string;
  readonly operation: string;
  readonly input: JsonObject;
}

export interface Agent {
  readonly workflow: string;
  readonly token: string;
}

/** One call of a burst, and what its client knows of it. */
export interface Attempt {
  readonly call: Call;
  readonly agent: Agent;
  sent: boolean;
  answer?: Answer;
}

/** A JSON request to the gateway. Throws where no whole answer came. */
export async function request(url: string, bearer: string, body?: object): Promise<JsonObject> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}

/** Opens the workflows of one burst, with their agents. */
export async function openAgents(url: string): Promise<readonly Agent[]> {
  const agents: Agent[] = [];
  for (let workflow = 0; workflow < WORKFLOWS; workflow++) {
    const { id } = await request(`${url}/v1/workflows`, KEY, { onBehalfOf: { id: 'ada' } });
    for (let agent = 0; agent < AGENTS; agent++) {
      const opened = await request(`${url}/v1/workflows/${id}/sessions`, KEY, { agent: `agent-${agent}` });
      agents.push({ workflow: String(id), token: String(opened['token']) });
    }
  }
  return agents;
}

export function planBurst(round: number, count: number, agents: readonly Agent[]): Attempt[] {
  return Array.from({ length: count }, (_, at) => {
    const agent = agents[at % agents.length];
    if (agent === undefined) throw new Error('a burst needs agents');
    const forbidden = at % FORBIDDEN_EVERY === FORBIDDEN_EVERY - 1;
    const call = forbidden
      ? { operation: 'servicenow.incident.delete', input: { sys_id: '0'.repeat(32) } }
      : { operation: 'servicenow.incident.create', input: { short_description: `round ${round} call ${at}` } };
    return { call: { id: `r${round}-${at}`, ...call }, agent, sent: false };
  });
}

/** Many clients at once send the attempts, each its next one when the one before is answered, until the gateway is gone. */
export async function sendBurst(url: string, attempts: readonly Attempt[]): Promise<void> {
  const waiting = attempts.values();
  const client = async (): Promise<void> => {
    for (const attempt of waiting) {
      attempt.sent = true;
      attempt.answer = await ask(url, attempt);
    }
  };
  await Promise.allSettled(Array.from({ length: CLIENTS }, client));
}

/** Sends one call, for the first time or again. */
export async function ask(url: string, { call, agent }: Attempt): Promise<Answer> {
  return (await request(`${url}/v1/actions`, agent.token, call)) as unknown as Answer;
}

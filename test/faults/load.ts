import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../src/gate/answers.ts';
import { type Agent, request } from '../crash/burst.ts';
import { KEY } from '../crash/processes.ts';
import type { FaultSite } from './site.ts';

const WORKFLOWS = 3;
/** Effects that one workflow may have: fewer than are asked for. */
export const BUDGET = 120;
const CALLS = 900;
const CLIENTS = 16;
const TRIES = 24;
const CALL_MS = 8_000;

export interface Attempt {
  readonly id: string;
  readonly agent: Agent;
  answer?: Answer;
  /** Why it was given up: codes of problems, or that nobody answered. */
  readonly problems: string[];
}

export interface Load {
  readonly attempts: readonly Attempt[];
  readonly workflows: readonly string[];
  /** Resolves when all are answered or given up. */
  readonly done: Promise<void>;
  /** Attempts that are over. */
  over(): number;
  /** Whether any client was refused with this code. */
  wasTold(code: string): boolean;
}

/** What the same call does not mend. */
const FINAL: ReadonlySet<string> = new Set(['LOG_LOST', 'UNAUTHENTICATED']);

let round = 0;

/** Clients that send their calls to any of the gateways, and the same call again to another where they get no answer. */
export async function startLoad(site: FaultSite): Promise<Load> {
  const urlAt = (index: number): string => site.urls[index % site.urls.length] ?? '';
  const agents: Agent[] = [];
  round += 1;
  for (let i = 0; i < WORKFLOWS; i++) {
    const opening = { onBehalfOf: { id: 'ada' }, limits: { create: BUDGET } };
    const { id } = await patiently(() => request(`${urlAt(i)}/v1/workflows`, KEY, opening));
    const sessions = `${urlAt(i + 1)}/v1/workflows/${id}/sessions`;
    const { token } = await patiently(() => request(sessions, KEY, { agent: 'helper' }));
    agents.push({ workflow: String(id), token: String(token) });
  }
  const attempts = Array.from({ length: CALLS }, (_, at): Attempt => {
    // Calls of one workflow go to all gateways, also at once.
    const agent = agents[Math.floor(at / site.urls.length) % agents.length];
    if (agent === undefined) throw new Error('a load needs agents');
    return { id: `f${round}-${at}`, agent, problems: [] };
  });
  let over = 0;
  const waiting = attempts.entries();
  const client = async (): Promise<void> => {
    for (const [at, attempt] of waiting) {
      await insist(attempt, (tries) => urlAt(at + tries));
      over += 1;
    }
  };
  const done = Promise.all(Array.from({ length: CLIENTS }, client)).then(() => undefined);
  const wasTold = (code: string): boolean => attempts.some(({ problems }) => problems.includes(code));
  return { attempts, workflows: agents.map(({ workflow }) => workflow), done, over: () => over, wasTold };
}

/** Sends again what was refused because a slow disk kept Redis from answering. */
export async function patiently<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (refused) {
      if (tries === TRIES || !String(refused).includes('LOG_UNAVAILABLE')) throw refused;
      await pause(100 * tries);
    }
  }
}

/** Sends a call until it is answered, or refused for good, or {@link TRIES} times. */
export async function insist(attempt: Attempt, urlFor: (tries: number) => string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      attempt.answer = await ask(urlFor(tries), attempt);
      return;
    } catch (failed) {
      const problem = failed instanceof Error ? failed.message : String(failed);
      const code = /"code":"([A-Z_]+)"/.exec(problem)?.[1] ?? 'no answer';
      attempt.problems.push(code);
      if (FINAL.has(code)) return;
      await pause(100 * (tries + 1));
    }
  }
}

/** Throws what the gateway says where it refuses to answer. */
async function ask(url: string, { id, agent }: Pick<Attempt, 'id' | 'agent'>): Promise<Answer> {
  const response = await fetch(`${url}/v1/actions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, operation: 'servicenow.incident.create', input: { short_description: id } }),
    signal: AbortSignal.timeout(CALL_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

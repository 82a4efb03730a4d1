import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { type Started, start } from './cli.ts';
import { KEYS } from './folder.ts';

export interface RunningGateway extends Started {
  readonly url: string;
  /** What commands need to find it. */
  env(key?: string): Readonly<Record<string, string>>;
  call(path: string, options?: { readonly bearer?: string; readonly body?: JsonObject }): Promise<JsonObject>;
  /** A workflow with one agent in it. */
  agent(request?: JsonObject): Promise<Agent>;
}

export interface Agent {
  readonly workflow: string;
  readonly session: string;
  run(operation: string, input: JsonObject, id?: string): Promise<JsonObject>;
}

/** `interlock serve` in a folder, as soon as it listens. */
export async function startGateway(cwd: string, args: readonly string[] = []): Promise<RunningGateway> {
  const started = start(['serve', '--json', ...args], { cwd });
  const [line] = await started.until('stdout', /^\{.*\}$/m);
  const { url } = JSON.parse(line) as { readonly url: string };
  const call: RunningGateway['call'] = async (path, { bearer = KEYS.admin, body } = {}) => {
    const response = await fetch(new URL(path, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return isJsonObject(answer) ? answer : {};
  };
  const agent: RunningGateway['agent'] = async (request = {}) => {
    const opened = await call('/v1/workflows', { body: { onBehalfOf: { id: 'ada' }, ...request } });
    const workflow = String(opened['id']);
    const session = await call(`/v1/workflows/${workflow}/sessions`, { body: { agent: 'helper' } });
    const bearer = String(session['token']);
    const run: Agent['run'] = (operation, input, id) =>
      call('/v1/actions', { bearer, body: { operation, input, ...(id === undefined ? {} : { id }) } });
    return { workflow, session: String(session['session']), run };
  };
  return { ...started, url, env: (key = KEYS.admin) => ({ INTERLOCK_URL: url, INTERLOCK_KEY: key }), call, agent };
}

/** Ends it and waits. */
export async function stop({ process, ended }: Started): Promise<void> {
  process.kill('SIGTERM');
  await ended;
}

import { join } from 'node:path';
import type { Contender, Running, Turn } from '../take-turns.ts';
import { ChildServer } from './child-server.ts';
import type { WorkflowsRequest } from './gateway-server.ts';
import { HttpClient } from './http-client.ts';
import { ACTIONS_PER_WORKFLOW } from './in-process.ts';
import { type Level, type Levels, TOGETHER } from './levels.ts';
import { echoName, LOG_NAMES, type Mode } from './names.ts';
import type { RecordedRows } from './recorded-rows.ts';
import { mustBeAllowed, REFERENCE_CALL } from './reference-gateway.ts';

const BODY = JSON.stringify(REFERENCE_CALL);
const PATHS: Readonly<Record<Mode, string>> = { decide: '/v1/decisions', run: '/v1/actions' };
/** As long as a session token. */
const SOME_TOKEN = 'x'.repeat(150);

/** The gateway's HTTP surface with authentication, and bare servers that take and give the same bytes. */
export async function overHttp(directory: string, { alone, together }: Levels, rows: RecordedRows): Promise<Running> {
  const [echo, off, full] = await Promise.all([
    ChildServer.start('echo-server.ts', [JSON.stringify({ file: join(directory, 'echo.jsonl'), rows })]),
    ChildServer.start('gateway-server.ts', [join(directory, 'http-off'), 'off']),
    ChildServer.start('gateway-server.ts', [join(directory, 'http-full'), 'full']),
  ]);
  const levels = [alone, ...together.filter(({ atOnce }) => atOnce === TOGETHER)];
  const contenders = levels.flatMap((level): Contender[] => [
    bare(echo, echoName('off', 'decide', level.atOnce), { path: '/echo', level }),
    bare(echo, echoName('full', 'decide', level.atOnce), { path: '/decide', level }),
    bare(echo, echoName('full', 'run', level.atOnce), { path: '/run', level }),
    ...(['decide', 'run'] as const).flatMap((mode) => [
      governed(off, { log: 'off', mode, level }),
      governed(full, { log: 'full', mode, level }),
    ]),
  ]);
  return {
    contenders,
    close: async () => {
      for (const server of [echo, off, full]) await server.close();
    },
  };
}

function bare(server: ChildServer, name: string, { path, level }: { path: string; level: Level }): Contender {
  const prepare = async (): Promise<Turn> => {
    const client = new HttpClient(level.atOnce);
    const post = async (): Promise<unknown> =>
      JSON.parse(await client.send({ url: server.url + path, body: BODY, token: SOME_TOKEN }));
    await warm(client, server, level.atOnce);
    return { operate: post, end: async () => client.close() };
  };
  return { name, ...level, prepare };
}

interface Way {
  readonly log: 'off' | 'full';
  readonly mode: Mode;
  readonly level: Level;
}

const EVENTS = 10;

function governed(server: ChildServer, { log, mode, level }: Way): Contender {
  const { atOnce, each } = level;
  const perLoop = Math.ceil(each / ACTIONS_PER_WORKFLOW);
  const prepare = async (): Promise<Turn> => {
    const { tokens } = await openWorkflows(server, { count: atOnce * perLoop, events: EVENTS });
    const client = new HttpClient(atOnce);
    await warm(client, server, atOnce);
    const permits: { readonly id: string; readonly token: string }[] = [];
    const act = async (loop: number, index: number): Promise<void> => {
      const token = tokens[loop * perLoop + Math.floor(index / ACTIONS_PER_WORKFLOW)] ?? '';
      const text = await client.send({ url: server.url + PATHS[mode], body: BODY, token });
      // The caller reads its answer, as it would from the library.
      const { id } = mustBeAllowed(JSON.parse(text) as { readonly id: string; readonly decision: string });
      if (mode === 'decide') permits.push({ id, token });
    };
    // A permit that is never settled would expire in the middle of a later turn.
    const settle = ({ id, token }: (typeof permits)[number]) =>
      client.send({ url: `${server.url}/v1/actions/${id}/outcome`, body: '{"status":"succeeded"}', token });
    const end = async (): Promise<void> => {
      await Promise.all(permits.map(settle));
      client.close();
    };
    return { operate: act, end };
  };
  return {
    name: `${mode}, over HTTP, ${LOG_NAMES[log]}, ${EVENTS} events, ${atOnce} at once`,
    ...level,
    peer: echoName(log, mode, atOnce),
    prepare,
  };
}

/** One connection for each loop, opened off the clock. */
async function warm(client: HttpClient, server: ChildServer, connections: number): Promise<void> {
  const get = () => client.send({ method: 'GET', url: `${server.url}/livez`, token: '' });
  await Promise.all(Array.from({ length: connections }, get));
}

async function openWorkflows(server: ChildServer, request: WorkflowsRequest): Promise<{ tokens: readonly string[] }> {
  return (await server.ask(request)) as { tokens: readonly string[] }; // what the gateway's server answers to it
}

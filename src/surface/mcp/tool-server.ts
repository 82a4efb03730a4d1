import { type CallToolResult, Server, type Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { operationOfTool, toolNameOf } from '../../action/names.ts';
import type { OperationSummary } from '../../gate/answers.ts';
import type { AgentCaller, Caller, Interlock } from '../../gate/interlock.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { describeAnswer, describeError } from './describe-answer.ts';
import { tracedCall } from './traced-call.ts';
import { WAIT_TOOL, waitInput } from './wait-tool.ts';

const INSTRUCTIONS =
  'Every tool call is decided by policy before it runs. A refusal says why and what would be allowed; do not repeat it ' +
  `unchanged. An answer that waits for a human is asked for again with ${WAIT_TOOL.name}.`;

/** Where a client may put an id of its own, to recognise a repetition. */
const ACTION_ID = 'interlock/id';

export interface ToolServer {
  readonly interlock: Interlock;
  /** Who lists. */
  readonly caller: Caller;
  /** Who acts; opens what is needed for it. */
  readonly agent: () => Promise<AgentCaller>;
  readonly version: string;
}

/** The SDK's server for one caller: its operations as tools, and nothing else. */
export function toolServer({ interlock, caller, agent, version }: ToolServer): Server {
  const server = new Server(
    { name: 'interlock', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...interlock.operations(caller).map(toolOf), WAIT_TOOL] }));
  server.setRequestHandler(
    'tools/call',
    ({ params: { name, arguments: input = {}, _meta } }): Promise<CallToolResult> =>
      tracedCall(_meta, async () => {
        try {
          const acting = await agent();
          if (name === WAIT_TOOL.name) return describeAnswer(await wait(interlock, acting, input));
          if (!isJsonObject(input)) throw new InterlockError('INVALID_INPUT');
          const operation = operationOfTool(name);
          if (toolNameOf(operation) !== name)
            throw new InterlockError('UNKNOWN_OPERATION', 'tools are named with _, not with .');
          const id = idOf(_meta);
          return describeAnswer(
            await interlock.run(acting, { operation, input: input as JsonObject, ...(id === undefined ? {} : { id }) }),
          );
        } catch (thrown) {
          return describeError(asInterlockError(thrown));
        }
      }),
  );
  return server;
}

async function wait(interlock: Interlock, agent: AgentCaller, input: unknown) {
  const parsed = waitInput.safeParse(input);
  if (!parsed.success) throw new InterlockError('INVALID_INPUT', z.prettifyError(parsed.error));
  return interlock.action(agent, parsed.data.id, parsed.data.waitMs);
}

function toolOf({ tool, description, inputSchema, annotations }: OperationSummary): Tool {
  return { name: tool, description, inputSchema: { ...inputSchema, type: 'object' }, annotations };
}

function idOf(meta: unknown): string | undefined {
  const id = typeof meta === 'object' && meta !== null && ACTION_ID in meta ? meta[ACTION_ID] : undefined;
  if (id === undefined) return undefined;
  if (typeof id !== 'string') throw new InterlockError('INVALID_CALL', `_meta["${ACTION_ID}"] is not a string`);
  return id;
}

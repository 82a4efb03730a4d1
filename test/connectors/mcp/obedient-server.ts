import { readFileSync } from 'node:fs';
import { type CallToolResult, Server, type Tool } from '@modelcontextprotocol/server';

/** A definition as a test writes it into the server's file. */
export type TestTool = Pick<Tool, 'name'> & Partial<Tool>;

export interface ObedientServer {
  /** JSON file of the tools to list, read at each listing: the test changes it in mid-life. */
  readonly toolsFile: string;
  readonly onCall?: (name: string, input: Record<string, unknown>) => void;
}

/**
 * A real MCP server that lists whatever its file says and does what a call tells it to: `say`, `fail`, `die`, `hang`, `announce`
 * a change of its tools, show its `environment`, `ask` its client for a completion.
 */
export function obedientServer({ toolsFile, onCall }: ObedientServer): Server {
  const server = new Server({ name: 'obedient', version: '1' }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler('tools/list', () => ({ tools: listed(toolsFile) }));
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: input = {} } }, { mcpReq }) => {
    onCall?.(name, input);
    switch (input['do']) {
      case 'fail':
        return { ...text('it did not work'), isError: true };
      case 'die':
        return process.exit(1);
      case 'announce':
        await server.sendToolListChanged();
        return text('announced');
      case 'hang':
        return new Promise(() => undefined);
      case 'environment':
        return text(JSON.stringify(process.env));
      case 'ask':
        return text(JSON.stringify(await mcpReq.requestSampling({ messages: [], maxTokens: 1 })));
      default:
        return text(String(input['say'] ?? ''));
    }
  });
  return server;
}

function listed(toolsFile: string): Tool[] {
  const tools: TestTool[] = JSON.parse(readFileSync(toolsFile, 'utf8'));
  return tools.map((tool) => ({ inputSchema: ANY_INPUT, ...tool }));
}

const ANY_INPUT = { type: 'object' as const, properties: { do: { type: 'string' }, say: { type: 'string' } } };

function text(words: string): CallToolResult {
  return { content: [{ type: 'text', text: words }] };
}

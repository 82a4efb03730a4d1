import { resolve } from 'node:path';
import { type ConnectedSystem, type ConnectorEnvironment, defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { acceptDefinition } from './accept-definition.ts';
import { GovernedServer } from './governed-server.ts';
import { type OfferedTools, offeredTools } from './offered-tools.ts';
import { proposeManifest } from './propose-manifest.ts';
import { readToolList } from './read-tool-list.ts';
import { ServerConnection } from './server-connection.ts';
import { type Settings, settings } from './settings.ts';
import type { ToolDefinition } from './tool-definition.ts';
import { readToolManifest, type ToolManifest } from './tool-manifest.ts';

export { pinOf, type ToolDefinition } from './tool-definition.ts';
export { readToolManifest, type ToolManifest, toolManifest } from './tool-manifest.ts';
export { acceptDefinition, proposeManifest };

/** Any MCP server, over stdio or streamable HTTP, its tools governed by a tool manifest. See README.md. */
export default defineConnector({
  system: 'mcp',
  title: 'Model Context Protocol servers',
  settings,
  connect,
  intake: {
    propose: async (settings, environment) => proposeManifest(await listServerTools(settings, environment)),
    proposeFrom: async (file) => proposeManifest(await readToolList(file)),
    accept,
  },
});

async function accept(settings: Settings, environment: ConnectorEnvironment, tool: string): Promise<string> {
  const { manifest } = settings;
  if (manifest === undefined) throw new InterlockError('OPERATION_UNCLASSIFIED', 'the settings name no manifest');
  const definition = (await listServerTools(settings, environment)).find(({ name }) => name === tool);
  if (definition === undefined)
    throw new InterlockError('NOT_FOUND', `the server offers no tool ${JSON.stringify(tool)}`);
  return (await acceptDefinition(resolve(environment.baseDirectory, manifest), definition)).pin;
}

const NO_MANIFEST: ToolManifest = { roots: [], tools: {} };

async function connect(settings: Settings, environment: ConnectorEnvironment): Promise<ConnectedSystem> {
  const { manifest } = settings;
  const governed = new GovernedServer(
    settings,
    environment,
    manifest === undefined ? NO_MANIFEST : await readToolManifest(resolve(environment.baseDirectory, manifest)),
  );
  try {
    await governed.start();
  } catch (thrown) {
    await governed.close();
    throw thrown;
  }
  return governed.connected();
}

/** What a server offers now, without tools that no honest server lists; the connection is closed again. Throws SYSTEM_UNAVAILABLE and CONNECTOR_INVALID. */
export async function listServerTools(
  settings: Settings,
  environment: ConnectorEnvironment,
): Promise<readonly ToolDefinition[]> {
  const { baseDirectory, clock, log } = environment;
  let offered: OfferedTools = new Map();
  const onListed = (tools: Parameters<typeof offeredTools>[0]) => {
    offered = offeredTools(tools);
  };
  const server = new ServerConnection({
    settings,
    baseDirectory,
    clock,
    onListed,
    log: (message, data) => log('warn', message, data),
  });
  try {
    await server.listed();
  } finally {
    await server.close();
  }
  return [...offered].flatMap(([tool, { definition }]) => {
    if (!(definition instanceof InterlockError)) return [definition];
    log('warn', 'a tool of the MCP server cannot be used', { tool, why: definition.message });
    return [];
  });
}

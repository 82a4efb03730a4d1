import { resolve } from 'node:path';
import type { Tool } from '@modelcontextprotocol/client';
import type { ResourceType } from '../../src/action/resource.ts';
import type {
  AnyOperation,
  ConnectedSystem,
  ConnectorEnvironment,
  Execute,
  RefusedOperation,
} from '../../src/connector/contract.ts';
import { allLabels, refusedOperation } from '../../src/connector/intake/governed-operation.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { outcomeOfError, outcomeOfResult } from './call-outcome.ts';
import { type OfferedTools, offeredTools, operationNames, ownEntry, refusalOf } from './offered-tools.ts';
import { ServerConnection } from './server-connection.ts';
import type { Settings } from './settings.ts';
import type { ToolManifest } from './tool-manifest.ts';
import { TOOL_RESOURCE, toolOperation } from './tool-operation.ts';
import { toolResult } from './tool-result.ts';

type Refusal = Omit<RefusedOperation, 'operation'>;

/** A server whose tools are operations: made once, when it is first listed, and refused as soon as they differ. */
export class GovernedServer {
  readonly #environment: ConnectorEnvironment;
  readonly #settings: Settings;
  readonly #manifest: ToolManifest;
  readonly #server: ServerConnection;
  #offered: OfferedTools = new Map();
  /** Operation of each tool, fixed at the first listing. */
  #names: ReadonlyMap<string, string> = new Map();
  #operations: readonly AnyOperation[] = [];
  /** Tools that were refused at the first listing: they have no real operation until the connector is loaded again. */
  readonly #refusedForGood = new Map<string, Refusal>();
  #refused: readonly RefusedOperation[] = [];

  constructor(settings: Settings, environment: ConnectorEnvironment, manifest: ToolManifest) {
    this.#environment = environment;
    this.#settings = settings;
    this.#manifest = manifest;
    const { baseDirectory, clock, log } = environment;
    this.#server = new ServerConnection({
      settings,
      baseDirectory,
      clock,
      onListed: (tools) => this.#listed(tools),
      log: (message, data) => log('warn', message, data),
    });
  }

  async start(): Promise<void> {
    await this.#server.listed();
    this.#names = operationNames(this.#environment.system, this.#offered.keys(), this.#manifest);
    const roots = this.#roots();
    this.#operations = [...this.#names].map(([tool, name]) => this.#operationOf(tool, name, roots));
    this.#refused = this.#refusals();
    this.#report();
  }

  connected(): ConnectedSystem {
    const types = this.#operations.flatMap(({ resourceTypes }) => resourceTypes as readonly ResourceType[]);
    return {
      operations: this.#operations,
      resourceTypes: Object.fromEntries([TOOL_RESOURCE, ...types].map((type) => [type, {}])),
      labels: [...new Set(Object.values(this.#manifest.tools).flatMap(allLabels))],
      refused: () => this.#refused,
      check: () => this.#server.relist(),
      close: () => this.close(),
    };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #listed(tools: readonly Tool[]): void {
    this.#offered = offeredTools(tools);
    this.#refused = this.#refusals();
  }

  #operationOf(tool: string, name: string, roots: readonly string[]): AnyOperation {
    const made = this.#made(tool, name, roots);
    if (!('code' in made)) return made;
    this.#refusedForGood.set(tool, made);
    return refusedOperation(name, { type: TOOL_RESOURCE, id: tool }, toolResult);
  }

  #made(tool: string, name: string, roots: readonly string[]): AnyOperation | Refusal {
    const definition = this.#offered.get(tool)?.definition;
    const entry = ownEntry(this.#manifest, tool);
    const refusal = this.#refusalOf(tool);
    if (refusal !== undefined) return refusal;
    if (entry?.effect === undefined || definition === undefined || definition instanceof InterlockError)
      return UNCLASSIFIED;
    try {
      const operation = toolOperation(
        { name, definition, roots, execute: this.#execute(tool, () => operation.kind === 'read') },
        { ...entry, effect: entry.effect },
      );
      return operation;
    } catch (thrown) {
      if (thrown instanceof InterlockError && thrown.code === 'RESPONSE_UNEXPECTED')
        return { ...UNCLASSIFIED, detail: thrown.message };
      throw thrown;
    }
  }

  #execute(tool: string, isRead: () => boolean): Execute<JsonObject> {
    return async (input, { signal }) => {
      try {
        if (JSON.stringify(input).length > BOUNDS.bodyBytes)
          throw new InterlockError('TOO_LARGE', 'the arguments are too large');
        await this.#server.listed();
        const offered = this.#offered.get(tool);
        const refusal = this.#refusalOf(tool);
        if (refusal !== undefined || offered === undefined)
          throw new InterlockError(refusal?.code ?? 'OPERATION_CHANGED', refusal?.detail);
        if (signal.aborted) throw new InterlockError('EXECUTION_TIMEOUT', 'the time was up before anything was sent');
        return outcomeOfResult(await this.#server.call(offered.tool, input, signal));
      } catch (thrown) {
        return outcomeOfError(thrown, isRead());
      }
    };
  }

  #refusalOf(tool: string): Refusal | undefined {
    return this.#refusedForGood.get(tool) ?? refusalOf(this.#offered.get(tool), ownEntry(this.#manifest, tool));
  }

  #refusals(): readonly RefusedOperation[] {
    return [...this.#names].flatMap(([tool, operation]) => {
      const refusal = this.#refusalOf(tool);
      return refusal === undefined ? [] : [{ operation, ...refusal }];
    });
  }

  /** Absolute, so that a relative path of an agent is judged from where the server would start it. */
  #roots(): readonly string[] {
    const { baseDirectory } = this.#environment;
    if (this.#manifest.roots.length > 0) return this.#manifest.roots.map((root) => resolve(baseDirectory, root));
    return this.#settings.command === undefined ? [] : [resolve(baseDirectory, this.#settings.cwd)];
  }

  #report(): void {
    const { log } = this.#environment;
    const unnamed = [...this.#offered.keys()].filter((tool) => !this.#names.has(tool));
    const absent = Object.keys(this.#manifest.tools).filter((tool) => !this.#offered.has(tool));
    if (this.#refused.length > 0)
      log('warn', 'tools of the MCP server are refused', {
        operations: this.#refused.map(({ operation }) => operation),
      });
    if (unnamed.length > 0)
      log('warn', 'tools of the MCP server have names that no operation can have', { tools: unnamed });
    if (absent.length > 0)
      log('warn', 'the tool manifest names tools that the MCP server does not offer', { tools: absent });
  }
}

const UNCLASSIFIED: Refusal = { code: 'OPERATION_UNCLASSIFIED', detail: 'the tool cannot be classified' };

import { type CallToolResult, Client, SdkHttpError, type Tool } from '@modelcontextprotocol/client';
import { BOUNDS } from '../../src/lib/bounds.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { createTransport } from './create-transport.ts';
import type { Settings } from './settings.ts';

const PROBE_MS = 5_000;

/** How often one call waits for a list that changes again while it is read. */
const LISTING_ATTEMPTS = 5;

interface Options {
  readonly settings: Settings;
  readonly baseDirectory: string;
  readonly clock: Clock;
  /** Every complete listing, the first one too. May throw: then what was listed is not taken over. */
  readonly onListed: (tools: readonly Tool[]) => void;
  readonly log: (message: string, data?: JsonObject) => void;
}

/**
 * One MCP server, reached through the official SDK, which negotiates the protocol version. A server that went away is
 * started or reached anew at the next call, and what it offers is listed again before anything is called.
 */
export class ServerConnection {
  readonly #options: Options;
  #client: Promise<Client> | undefined;
  /** The one that is connected now. */
  #live: Client | undefined;
  #listing: Promise<void> | undefined;
  /** When the tools were last listed; undefined: they may have changed since. */
  #listedAt: number | undefined;
  /** Counts what was heard of changes, so that a listing that one overtook is not taken for the latest. */
  #changes = 0;
  #isLegacy = false;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Resolves when what was listed is recent and nothing was heard of a change since. Throws SYSTEM_UNAVAILABLE and what `onListed` throws. */
  async listed(): Promise<void> {
    for (let attempt = 0; !this.#isCurrent(); attempt++) {
      if (attempt === LISTING_ATTEMPTS)
        throw new InterlockError('SYSTEM_UNAVAILABLE', 'the tools of the MCP server never stop changing');
      this.#listing ??= this.#list().finally(() => {
        this.#listing = undefined;
      });
      await this.#listing;
    }
  }

  /** Lists anew. Throws as {@link listed}. */
  async relist(): Promise<void> {
    this.#outdate();
    await this.listed();
  }

  /** One call, sent at most once, to the server that was last listed. Throws what the SDK throws, and SYSTEM_UNAVAILABLE. */
  async call(tool: Tool, input: JsonObject, signal: AbortSignal): Promise<CallToolResult> {
    const client = this.#live;
    if (client === undefined) throw new InterlockError('SYSTEM_UNAVAILABLE', 'the MCP server has just gone away');
    try {
      return await client.callTool(
        { name: tool.name, arguments: input },
        { signal, timeout: this.#options.settings.timeoutMs, toolDefinition: tool },
      );
    } catch (thrown) {
      // A session that the server forgot; the next call opens another one.
      if (thrown instanceof SdkHttpError && thrown.status === 404) await this.#drop(client);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  async #list(): Promise<void> {
    const client = await this.#connected();
    const startedAt = this.#options.clock.now();
    const changes = this.#changes;
    try {
      const { tools } = await client.listTools(undefined, {
        cacheMode: 'refresh',
        timeout: this.#options.settings.timeoutMs,
      });
      if (tools.length > BOUNDS.mcpTools)
        throw new InterlockError('RESPONSE_TOO_LARGE', `the server lists more than ${BOUNDS.mcpTools} tools`);
      this.#options.onListed(tools);
      if (changes === this.#changes) this.#listedAt = startedAt;
    } catch (thrown) {
      if (thrown instanceof InterlockError) throw thrown;
      await this.#drop(client);
      throw new InterlockError('SYSTEM_UNAVAILABLE', 'the MCP server did not list its tools', { cause: thrown });
    }
  }

  #connected(): Promise<Client> {
    if (this.#isClosed) throw new InterlockError('SYSTEM_UNAVAILABLE', 'the connector is closed');
    this.#client ??= this.#connect().catch((thrown: unknown) => {
      this.#client = undefined;
      throw thrown;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const { settings, baseDirectory } = this.#options;
    const client = new Client(
      { name: 'interlock', version: '1' },
      {
        // No capabilities: a server's request for sampling, elicitation or roots is answered with "method not found".
        capabilities: {},
        inputRequired: { autoFulfill: false },
        versionNegotiation: { mode: 'auto', probe: { timeoutMs: Math.min(PROBE_MS, settings.timeoutMs) } },
        listMaxPages: BOUNDS.mcpPages,
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => this.#changed() } },
        // A schema that a server wrote is not compiled: results are checked for shape and size, and labelled.
        jsonSchemaValidator: {
          getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
        },
      },
    );
    client.onclose = () => this.#forget(client);
    try {
      await client.connect(createTransport(settings, baseDirectory), {
        timeout: settings.timeoutMs,
        ...(this.#isLegacy ? { prior: { kind: 'legacy' } as const } : {}),
      });
    } catch (cause) {
      await client.close();
      if (cause instanceof InterlockError) throw cause;
      throw new InterlockError('SYSTEM_UNAVAILABLE', `the MCP server ${nameOf(settings)} cannot be reached`, { cause });
    }
    this.#isLegacy = client.getProtocolEra() === 'legacy';
    this.#live = client;
    return client;
  }

  /** The server says that its tools changed: nothing is called before they are listed again. */
  #changed(): void {
    this.#outdate();
    this.listed().catch((thrown: unknown) => {
      this.#options.log('the tools of the MCP server changed and could not be listed', { error: String(thrown) });
    });
  }

  #forget(client: Client): void {
    if (this.#live !== client) return;
    this.#live = undefined;
    this.#client = undefined;
    this.#outdate();
  }

  #outdate(): void {
    this.#changes++;
    this.#listedAt = undefined;
  }

  #isCurrent(): boolean {
    return this.#listedAt !== undefined && this.#options.clock.now() - this.#listedAt <= BOUNDS.mcpListingMs;
  }

  async #drop(client: Client): Promise<void> {
    this.#forget(client);
    await client.close();
  }
}

/** What a message may say of a server: its program or host, never an argument. */
function nameOf(settings: Settings): string {
  return settings.command ?? new URL(settings.url ?? '').host;
}

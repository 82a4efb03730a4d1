import type { AgentCaller, Caller, Interlock, Operator, Right } from '../../gate/interlock.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { IdSource } from '../../lib/ids.ts';

/** The agent that one client of one credential acts as, once it has acted. */
interface Connection {
  agent?: Promise<AgentCaller>;
}

interface Options {
  readonly interlock: Interlock;
  readonly ids: IdSource;
  /** How many connections are remembered; default {@link BOUNDS}.mcpConnections. */
  readonly limit?: number | undefined;
}

/**
 * Which agent a request acts as. A session token is one already. An operator's key that may open workflows gets one for
 * each connection, without a mandate; a key that may only act has a single one, or an agent could wash off its past by
 * connecting again. No workflow is shared with another credential, whatever a client says of itself.
 */
export class Connections {
  readonly #options: Options;
  /** The least recently used first. */
  readonly #connections = new Map<string, Connection>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** An id for a client that has just introduced itself; it is of use with the same credential only. */
  begin(operator: Operator): string {
    const id = this.#options.ids.id('mcp');
    this.#remember(keyOf(operator, id), {});
    return id;
  }

  /** Throws NOT_FOUND for a session that this credential did not begin, or that was forgotten. */
  check(caller: Caller, session: string): void {
    if (caller.kind === 'operator' && !this.#connections.has(keyOf(caller, session))) {
      throw new InterlockError('NOT_FOUND', 'this MCP session is not known: initialize again');
    }
  }

  /** `client` tells connections of one key apart. Throws FORBIDDEN without the right `act`. */
  async agentOf(caller: Caller, client: string): Promise<AgentCaller> {
    if (caller.kind === 'agent') return caller;
    if (!caller.rights.has('act')) throw new InterlockError('FORBIDDEN', 'this takes the right "act"');
    const key = keyOf(caller, caller.rights.has('open') ? client : '');
    const connection = this.#connections.get(key) ?? {};
    this.#remember(key, connection);
    connection.agent ??= this.#open(caller).catch((thrown: unknown) => {
      delete connection.agent;
      throw thrown;
    });
    return connection.agent;
  }

  async #open(operator: Operator): Promise<AgentCaller> {
    const { interlock } = this.#options;
    const opener: Operator = { ...operator, rights: new Set<Right>([...operator.rights, 'open']) };
    const workflow = await interlock.open(opener, { onBehalfOf: { id: operator.id, groups: operator.groups } });
    const { token } = await interlock.openSession(opener, workflow.id, { agent: operator.id });
    const agent = await interlock.authenticate(token);
    if (agent.kind !== 'agent') throw new InterlockError('INTERNAL', 'a session token is no agent');
    return agent;
  }

  #remember(key: string, connection: Connection): void {
    this.#connections.delete(key);
    this.#connections.set(key, connection);
    const { limit = BOUNDS.mcpConnections } = this.#options;
    for (const oldest of this.#connections.keys()) {
      if (this.#connections.size <= limit) break;
      this.#connections.delete(oldest);
    }
  }
}

function keyOf({ tenant, id }: Operator, client: string): string {
  return JSON.stringify([tenant, id, client]);
}

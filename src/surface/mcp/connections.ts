import type { AgentCaller, Caller, Interlock, Operator, Right } from '../../gate/interlock.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { IdSource } from '../../lib/ids.ts';

/** The agent that one client of one credential acts as, once it has acted. */
interface Connection {
  agent?: Promise<AgentCaller>;
}

/** The connections of one credential by what tells them apart; the least recently used first. */
type OwnConnections = Map<string, Connection>;

interface Options {
  readonly interlock: Interlock;
  readonly ids: IdSource;
  /** How many connections of one key, and how many keys, are remembered; default {@link BOUNDS}.mcpConnections. */
  readonly limit?: number | undefined;
}

/**
 * Which agent a request acts as. A session token is one already. An operator's key that may open workflows gets one for
 * each connection, without a mandate; a key that may only act has a single one, or an agent could wash off its past by
 * connecting again. No workflow is shared with another credential, whatever a client says of itself.
 */
export class Connections {
  readonly #interlock: Interlock;
  readonly #ids: IdSource;
  readonly #limit: number;
  readonly #byOperator = new Map<string, OwnConnections>();

  constructor({ interlock, ids, limit = BOUNDS.mcpConnections }: Options) {
    this.#interlock = interlock;
    this.#ids = ids;
    this.#limit = limit;
  }

  /** An id for a client that has just introduced itself, of use with the same credential only; none where all are one. */
  begin(caller: Caller): string | undefined {
    if (caller.kind === 'agent' || !caller.rights.has('open')) return undefined;
    const id = this.#ids.id('mcp');
    this.#remember(this.#of(caller), id, {});
    return id;
  }

  /** Throws NOT_FOUND for a session that this credential did not begin, or that was forgotten. */
  check(caller: Caller, session: string): void {
    if (caller.kind === 'operator' && !this.#of(caller).has(session)) {
      throw new InterlockError('NOT_FOUND', 'this MCP session is not known: initialize again');
    }
  }

  /** `client` tells connections of one key apart. Throws FORBIDDEN without the right `act`. */
  async agentOf(caller: Caller, client: string): Promise<AgentCaller> {
    if (caller.kind === 'agent') return caller;
    if (!caller.rights.has('act')) throw new InterlockError('FORBIDDEN', 'this takes the right "act"');
    const own = this.#of(caller);
    const name = caller.rights.has('open') ? client : '';
    const connection = own.get(name) ?? {};
    this.#remember(own, name, connection);
    connection.agent ??= this.#open(caller).catch((thrown: unknown) => {
      delete connection.agent;
      throw thrown;
    });
    return connection.agent;
  }

  async #open(operator: Operator): Promise<AgentCaller> {
    const opener: Operator = { ...operator, rights: new Set<Right>([...operator.rights, 'open']) };
    const onBehalfOf = { id: operator.id, groups: operator.groups };
    const workflow = await this.#interlock.open(opener, { onBehalfOf });
    const { token } = await this.#interlock.openSession(opener, workflow.id, { agent: operator.id });
    const agent = await this.#interlock.authenticate(token);
    if (agent.kind !== 'agent') throw new InterlockError('INTERNAL', 'a session token is no agent');
    return agent;
  }

  #of({ tenant, id }: Operator): OwnConnections {
    const name = JSON.stringify([tenant, id]);
    const own = this.#byOperator.get(name) ?? new Map();
    this.#remember(this.#byOperator, name, own);
    return own;
  }

  /** Puts an entry last; past the limit the first one goes. */
  #remember<T>(entries: Map<string, T>, name: string, entry: T): void {
    entries.delete(name);
    entries.set(name, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= this.#limit) return;
      entries.delete(oldest);
    }
  }
}

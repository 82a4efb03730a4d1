// A client of Interlock as anybody would write one: plain HTTP for whoever runs the agents, and for an agent either HTTP
// or MCP. Nothing of Interlock's own code is used.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const WAIT_MS = 20_000;

/** A call that could not be governed at all: problem+json with a stable code. A refusal by policy is no error. */
export class Problem extends Error {
  constructor({ code, title, detail }) {
    super(detail ?? title ?? 'the gateway did not answer as expected');
    this.code = code;
    this.title = title;
  }
}

/** Whoever runs the agents: opens workflows and lets agents in, with a key. */
export class Gateway {
  #url;
  #key;

  constructor({ url, key }) {
    this.#url = url;
    this.#key = key;
  }

  /** `{ onBehalfOf, mandate, limits }`; answers the workflow's id. */
  async open(workflow) {
    const { id } = await this.#post('/v1/workflows', workflow);
    return id;
  }

  workflow(id) {
    return request(`${this.#url}/v1/workflows/${id}`, { key: this.#key });
  }

  /** An agent that speaks HTTP. */
  async httpAgent(workflow, options) {
    const session = await this.#post(`/v1/workflows/${workflow}/sessions`, options);
    return new HttpAgent(this.#url, session);
  }

  /** An agent that speaks MCP: the SDK's own client, with the session's token. */
  async mcpAgent(workflow, options) {
    const session = await this.#post(`/v1/workflows/${workflow}/sessions`, options);
    const client = new Client({ name: options.agent, version: '1.0.0' });
    const headers = { Authorization: `Bearer ${session.token}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${this.#url}/mcp`), { requestInit: { headers } }));
    return new McpAgent(this.#url, session, client);
  }

  #post(path, body) {
    return request(`${this.#url}${path}`, { key: this.#key, body });
  }
}

/** One agent in one workflow. `run` answers `{ id, decision, reasons, outcome, … }`, whatever was decided. */
class HttpAgent {
  protocol = 'HTTP';
  #url;
  #session;

  constructor(url, session) {
    this.#url = url;
    this.#session = session;
  }

  get name() {
    return this.#session.agent;
  }

  get session() {
    return this.#session.session;
  }

  /** `claims` is what a call may say of who asks; it must be true. */
  run(operation, input, claims = {}) {
    return request(`${this.#url}/v1/actions`, { key: this.#session.token, body: { operation, input, ...claims } });
  }

  /** Waits a while for a held action to end. */
  wait(id) {
    return request(`${this.#url}/v1/actions/${id}?waitMs=${WAIT_MS}`, { key: this.#session.token });
  }

  /** What agents tell each other is recorded: what one has read, the other may know from then on. */
  tell(other, kind, text) {
    const body = { to: other.session, kind, text };
    return request(`${this.#url}/v1/workflows/${this.#session.workflow}/messages`, { key: this.#session.token, body });
  }
}

class McpAgent extends HttpAgent {
  protocol = 'MCP';
  #client;

  constructor(url, session, client) {
    super(url, session);
    this.#client = client;
  }

  run(operation, input) {
    return this.#call(operation.replaceAll('.', '_'), input);
  }

  wait(id) {
    return this.#call('interlock_action_wait', { id, waitMs: WAIT_MS });
  }

  close() {
    return this.#client.close();
  }

  async #call(name, input) {
    const { structuredContent: answer } = await this.#client.callTool({ name, arguments: input });
    if (answer?.id === undefined) throw new Problem({ title: 'this is no answer', ...answer });
    return answer;
  }
}

async function request(url, { key, body }) {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer);
  return answer;
}

import { isMutating } from '../action/effect.ts';
import { systemOf } from '../action/names.ts';
import { resourceKey } from '../action/resource.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import type { GraphEdge, GraphNode, WorkflowGraph } from './answers.ts';

/** The typed graph of what a workflow has done, denied attempts included. Edges of one kind between two nodes are counted. */
export function renderGraph(view: WorkflowView): WorkflowGraph {
  const graph = new GraphBuilder();
  const user = graph.node('user', view.onBehalfOf.id, view.onBehalfOf.id);
  for (const session of view.sessions.values()) {
    const agent = graph.node('agent', session.id, session.agent, labelsOf(session.activity.labels));
    // The key or JWT that issued the session's token.
    graph.edge(graph.node('credential', session.openedBy, `credential ${session.openedBy}`), agent, 'let-in');
    if (session.delegatedBy === undefined) graph.edge(user, agent, 'delegated');
    else graph.edge(`agent:${session.delegatedBy}`, agent, 'delegated');
  }
  for (const { from, to, kind } of view.messages)
    graph.edge(`agent:${from}`, `agent:${to}`, kind === 'delegation' ? 'delegated' : 'told');
  for (const action of view.actions.values()) addAction(graph, action);
  for (const approval of view.approvals.values()) {
    const asked = graph.node('approval', approval.id, `${approval.group}: ${approval.state}`);
    const session = view.actions.get(approval.action)?.decided.session;
    if (session !== undefined) graph.edge(`agent:${session}`, asked, 'asked');
    const { answer } = approval;
    if (answer !== undefined)
      graph.edge(graph.node('user', answer.by, answer.by), asked, answer.answer === 'approve' ? 'approved' : 'refused');
  }
  return {
    workflow: view.id,
    version: view.version,
    nodes: graph.nodes(),
    edges: graph.edges(),
    complete: !view.overflowed,
  };
}

function addAction(graph: GraphBuilder, { decided, completed, state }: ActionView): void {
  const { session, operation, effect, resources, decision } = decided;
  if (state === 'held') return;
  const agent = `agent:${session}`;
  const system = graph.node('system', systemOf(operation), systemOf(operation));
  const denied = decision === 'deny';
  if (!denied) graph.edge(agent, system, 'used');
  const kind = denied ? 'denied' : effect !== undefined && isMutating(effect) ? 'wrote' : 'read';
  // A write that certainly did not happen left nothing behind.
  if (kind === 'wrote' && completed?.status === 'failed') return;
  for (const { type, id } of [...resources, ...(denied ? [] : (completed?.resources ?? []))]) {
    const resource = graph.node('resource', resourceKey({ type, id }), `${type} ${id}`);
    graph.edge(resource, system, 'of', false);
    graph.edge(agent, resource, kind);
  }
}

function labelsOf(labels: ReadonlySet<{ readonly id: string }>): readonly string[] {
  return [...labels].map(({ id }) => id);
}

class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, { from: string; to: string; kind: GraphEdge['kind']; count: number }>();

  node(kind: GraphNode['kind'], key: string, name: string, labels: readonly string[] = []): string {
    const id = `${kind}:${key}`;
    if (!this.#nodes.has(id)) this.#nodes.set(id, { id, kind, name, labels });
    return id;
  }

  edge(from: string, to: string, kind: GraphEdge['kind'], counts = true): void {
    const key = JSON.stringify([from, to, kind]);
    const known = this.#edges.get(key);
    if (known === undefined) this.#edges.set(key, { from, to, kind, count: 1 });
    else if (counts) known.count += 1;
  }

  nodes(): readonly GraphNode[] {
    return [...this.#nodes.values()];
  }

  edges(): readonly GraphEdge[] {
    return [...this.#edges.values()];
  }
}

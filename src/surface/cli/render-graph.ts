import type { JsonObject } from '../../lib/json.ts';
import { plain } from './plain.ts';
import { objectsOf, textOf } from './print.ts';

export const GRAPH_FORMS = ['text', 'dot', 'mermaid'] as const;
export type GraphForm = (typeof GRAPH_FORMS)[number];

const DOT_SHAPES: Readonly<Record<string, string>> = {
  agent: 'box',
  user: 'ellipse',
  credential: 'tab',
  system: 'component',
  resource: 'note',
  approval: 'diamond',
};

/** A workflow's graph for people, for Graphviz or for Mermaid. Names come from outside: each form escapes them its own way. */
export function renderGraph(graph: JsonObject, form: GraphForm): string {
  switch (form) {
    case 'text':
      return textGraph(graph);
    case 'dot':
      return dotGraph(graph);
    case 'mermaid':
      return mermaidGraph(graph);
    default:
      return form satisfies never;
  }
}

function textGraph(graph: JsonObject): string {
  const names = new Map(objectsOf(graph, 'nodes').map((node) => [textOf(node, 'id'), plain(nameOf(node))]));
  const edges = objectsOf(graph, 'edges').map((edge) => {
    const [from, to] = [names.get(textOf(edge, 'from')), names.get(textOf(edge, 'to'))];
    return `${from ?? '?'} ${textOf(edge, 'kind')} ${to ?? '?'}${times(edge)}`;
  });
  return [...edges, ...(graph['complete'] === false ? ['(some detail was forgotten at a bound)'] : [])].join('\n');
}

function dotGraph(graph: JsonObject): string {
  const nodes = objectsOf(graph, 'nodes').map(
    (node) =>
      `  ${dotText(textOf(node, 'id'))} [label=${dotText(nameOf(node))}, shape=${DOT_SHAPES[textOf(node, 'kind')] ?? 'box'}];`,
  );
  const edges = objectsOf(graph, 'edges').map((edge) => {
    const style = edge['kind'] === 'denied' ? ', color=red, style=dashed' : '';
    const label = dotText(`${textOf(edge, 'kind')}${times(edge)}`);
    return `  ${dotText(textOf(edge, 'from'))} -> ${dotText(textOf(edge, 'to'))} [label=${label}${style}];`;
  });
  return ['digraph workflow {', '  rankdir=LR;', ...nodes, ...edges, '}'].join('\n');
}

function dotText(text: string): string {
  return `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function mermaidGraph(graph: JsonObject): string {
  const ids = new Map(objectsOf(graph, 'nodes').map((node, at) => [textOf(node, 'id'), `n${at}`]));
  const nodes = objectsOf(graph, 'nodes').map(
    (node) => `  ${ids.get(textOf(node, 'id')) ?? ''}["${mermaidText(nameOf(node))}"]`,
  );
  const edges = objectsOf(graph, 'edges').map((edge) => {
    const arrow = edge['kind'] === 'denied' ? '-.->' : '-->';
    return `  ${ids.get(textOf(edge, 'from')) ?? ''} ${arrow}|${textOf(edge, 'kind')}${times(edge)}| ${ids.get(textOf(edge, 'to')) ?? ''}`;
  });
  return ['flowchart LR', ...nodes, ...edges].join('\n');
}

/** Everything but letters, digits and harmless punctuation as a numeric entity, which Mermaid shows as text. */
function mermaidText(text: string): string {
  return plain(text).replaceAll(/[^\p{L}\p{N} ._:@/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}

function nameOf(node: JsonObject): string {
  const labels = Array.isArray(node['labels']) ? node['labels'].map(String) : [];
  return `${textOf(node, 'name')}${labels.length === 0 ? '' : ` [${labels.join(' ')}]`}`;
}

function times(edge: JsonObject): string {
  const count = edge['count'];
  return typeof count === 'number' && count > 1 ? ` x${count}` : '';
}

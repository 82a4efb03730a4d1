import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/** Plain text as a document of Jira's own format: a blank line ends a paragraph. Nothing in it is read as markup. */
export function documentOf(text: string): JsonObject {
  return { type: 'doc', version: 1, content: text.split(/\n{2,}/).map(paragraphOf) };
}

function paragraphOf(text: string): JsonObject {
  const lines = text
    .split('\n')
    .flatMap((line): JsonObject[] => [{ type: 'hardBreak' }, ...(line === '' ? [] : [{ type: 'text', text: line }])]);
  return { type: 'paragraph', content: lines.slice(1) };
}

const BLOCKS: ReadonlySet<unknown> = new Set(['paragraph', 'heading', 'codeBlock', 'listItem']);

/** What a document says, without its form. */
export function textOf(node: Json | undefined): string {
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (!isJsonObject(node)) return typeof node === 'string' ? node : '';
  if (node['type'] === 'text') return String(node['text']);
  if (node['type'] === 'hardBreak') return '\n';
  const said = textOf(node['content']);
  return BLOCKS.has(node['type']) ? `${said}\n\n` : said;
}

import { Document } from 'yaml';
import { hidesText, plainText } from '../../src/connector/intake/plain-text.ts';
import { suggestKind } from '../../src/connector/intake/suggest-kind.ts';
import { pinOf, type ToolDefinition } from './tool-definition.ts';

const COMMENT = ` Every tool below is unclassified, and so refused. For each one that agents may use: read its description and
 schema, correct the proposal, and rename it to \`effect\`. What a server says of itself is a hint and never obeyed.`;

/** A tool manifest in YAML with every tool unclassified: its pin, a proposal that nothing obeys, and the reason for it. */
export function proposeManifest(tools: readonly ToolDefinition[]): string {
  const entries = tools.map((tool) => [tool.name, { pin: pinOf(tool), ...proposalOf(tool) }] as const);
  const document = new Document({ tools: Object.fromEntries(entries) });
  document.commentBefore = COMMENT;
  return document.toString({ lineWidth: 0 });
}

function proposalOf(tool: ToolDefinition) {
  const firstWord = /^[a-z]+|^[A-Z][a-z]*/.exec(tool.name)?.[0].toLowerCase() ?? '';
  const kind = suggestKind(firstWord);
  const proposal =
    kind === 'read'
      ? { kind, external: false }
      : { kind: kind ?? 'execute', reversible: 'no', external: true, privileged: true };
  const because =
    kind === undefined
      ? 'Its name suggests nothing, so the worst is proposed.'
      : `Its name begins with "${firstWord}".`;
  return { proposal, reason: `${because}${claimsOf(tool)}${warningOf(tool)}${summaryOf(tool)}` };
}

function claimsOf({ annotations = {} }: ToolDefinition): string {
  const claims = Object.entries(annotations).filter(([, value]) => typeof value === 'boolean');
  if (claims.length === 0) return '';
  return ` The server claims ${claims.map(([name, value]) => `${plainText(name, 40)}: ${String(value)}`).join(', ')}.`;
}

function warningOf({ description = '' }: ToolDefinition): string {
  return hidesText(description.replaceAll(/\s/g, ' ')) ? ' WARNING: its description holds hidden characters.' : '';
}

function summaryOf({ description }: ToolDefinition): string {
  return description === undefined ? '' : ` It says of itself: ${plainText(description, 300)}`;
}

import { Document } from 'yaml';
import type { EffectKind } from '../../src/action/effect.ts';
import { hidesText, plainText } from './plain-text.ts';
import { pinOf, type ToolDefinition } from './tool-definition.ts';

const COMMENT = ` Every tool below is unclassified, and so refused. For each one that agents may use: read its description and
 schema, correct the proposal, and rename it to \`effect\`. What a server says of itself is a hint and never obeyed.`;

/** What the first word of a tool's name suggests. The order counts: the first that fits. */
const SUGGESTIONS: readonly (readonly [EffectKind, RegExp])[] = [
  ['read', /^(?:get|list|read|search|find|fetch|open|show|describe|query|view|count|lookup)$/],
  ['create', /^(?:create|add|insert|new|make|upload)$/],
  ['update', /^(?:update|edit|write|set|move|rename|patch|put|replace|append|merge)$/],
  ['delete', /^(?:delete|remove|destroy|drop|purge|clear|erase)$/],
  ['communicate', /^(?:send|post|mail|email|notify|message|publish|reply|share|invite)$/],
  ['spend', /^(?:pay|buy|order|charge|transfer|refund|purchase)$/],
  ['privilege', /^(?:grant|revoke|assign|authorize|permit|promote)$/],
  ['isolate', /^(?:isolate|contain|quarantine|block|lock|disable)$/],
];

/** A tool manifest in YAML with every tool unclassified: its pin, a proposal that nothing obeys, and the reason for it. */
export function proposeManifest(tools: readonly ToolDefinition[]): string {
  const entries = tools.map((tool) => [tool.name, { pin: pinOf(tool), ...proposalOf(tool) }] as const);
  const document = new Document({ tools: Object.fromEntries(entries) });
  document.commentBefore = COMMENT;
  return document.toString({ lineWidth: 0 });
}

function proposalOf(tool: ToolDefinition) {
  const firstWord = /^[a-z]+|^[A-Z][a-z]*/.exec(tool.name)?.[0].toLowerCase() ?? '';
  const kind = SUGGESTIONS.find(([, words]) => words.test(firstWord))?.[0];
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

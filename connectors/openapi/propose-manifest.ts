import { Document } from 'yaml';
import type { EffectKind } from '../../src/action/effect.ts';
import { hidesText, plainText } from '../../src/connector/intake/plain-text.ts';
import { suggestKind } from '../../src/connector/intake/suggest-kind.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { type DescribedOperation, type DescribedOperations, type Method, pinOf } from './described-operation.ts';

const COMMENT = ` Every operation below is unclassified, and so refused. For each one that agents may use: read its description,
 correct the proposal, and rename it to \`effect\`. What a description says of its own operations is a hint and never
 obeyed. A definition that changes later is refused until \`interlock connector accept\` has pinned it again.`;

const BY_METHOD: Readonly<Record<Method, EffectKind>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Words that make an operation more than its method says, the gravest first. */
const GRAVER: readonly (readonly [EffectKind, RegExp])[] = [
  ['execute', /\b(?:execut\w*|run|invoke\w*|script\w*|command\w*|deploy\w*|evaluat\w*|lua|shell)\b/],
  [
    'privilege',
    /\b(?:roles?|permissions?|grants?|granted|revoke\w*|admins?|administrators?|privileges?|acls?|polic(?:y|ies)|tokens?|secrets?|credentials?|passwords?|keys?|auth\w*|mfa|factors?|impersonat\w*)\b/,
  ],
  ['spend', /\b(?:pay|payments?|payouts?|charges?|refunds?|transfers?|purchases?|wire)\b/],
  ['isolate', /\b(?:isolate\w*|quarantine\w*|suspend\w*|deactivate\w*|disable\w*|block\w*|lock\w*)\b/],
  ['communicate', /\b(?:sends?|emails?|sms|notif\w*|messages?|invites?|invitations?|publish\w*|shares?|webhooks?)\b/],
  ['delete', /\b(?:delet\w*|remov\w*|purg\w*|destroy\w*|eras\w*|wip(?:e|es|ing))\b/],
];

/** By these a description admits that there is no way back. */
const NO_WAY_BACK =
  /\b(?:permanent(?:ly)?|irreversibl[ey]|(?:cannot|can't|can not) be (?:undone|recovered|restored|reversed|retrieved))\b/i;

/** A manifest in YAML with every operation unclassified: a proposal that nothing obeys, and the reason for it. */
export function proposeManifest(described: DescribedOperations): string {
  const entries = [...described].map(([key, operation]) => [
    key,
    operation instanceof InterlockError
      ? { reason: `It cannot be used: ${operation.message}` }
      : { pin: pinOf(operation), ...proposalOf(operation) },
  ]);
  const document = new Document({ operations: Object.fromEntries(entries) });
  document.commentBefore = COMMENT;
  return document.toString({ lineWidth: 0 });
}

function proposalOf(operation: DescribedOperation) {
  const { kind, because } = kindOf(operation);
  const finality = NO_WAY_BACK.exec(`${operation.summary ?? ''} ${operation.description ?? ''}`)?.[0];
  const proposal =
    kind === 'read' ? { kind, external: false } : { kind, reversible: 'no', external: true, privileged: true };
  const admits = finality === undefined ? '' : ` It admits that there is no way back: "${finality}".`;
  return { proposal, reason: `${because}${admits}${warningOf(operation)}${summaryOf(operation)}` };
}

/** The method first, then the verb of its path, then words that make it graver; a read stays one. */
function kindOf({ method, path, operationId = '', summary = '' }: DescribedOperation) {
  const byMethod = BY_METHOD[method];
  const because = `It is a ${method}, so by itself ${byMethod}.`;
  const words = wordsOf(`${path.replaceAll(/\{[^}]*\}/g, '')} ${operationId} ${summary}`);
  const graver = GRAVER.map(([kind, pattern]) => ({ kind, word: pattern.exec(words)?.[0] })).find(
    ({ word }) => word !== undefined,
  );
  if (method === 'GET') {
    const shows = graver?.kind === 'privilege' ? ` Its words say "${graver.word}": mind what its answer shows.` : '';
    return { kind: byMethod, because: because + shows };
  }
  if (graver !== undefined) return { kind: graver.kind, because: `${because} Its words say "${graver.word}".` };
  const last = path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{')) ?? '';
  const verb = wordsOf(last).split(' ')[0] ?? '';
  const byVerb = method === 'POST' ? suggestKind(verb) : undefined;
  // A POST that is said to read may well not: the milder guess is shown, and not proposed.
  if (byVerb === undefined || byVerb === 'read') return { kind: byMethod, because };
  return { kind: byVerb, because: `${because} Its path ends in "${verb}".` };
}

function wordsOf(text: string): string {
  return plainText(text)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}

function warningOf({ summary = '', description = '' }: DescribedOperation): string {
  const isHiding = hidesText(`${summary} ${description}`.replaceAll(/\s/g, ' '));
  return isHiding ? ' WARNING: its description holds hidden characters.' : '';
}

function summaryOf({ summary, description }: DescribedOperation): string {
  const own = summary ?? description;
  return own === undefined ? '' : ` It says of itself: ${plainText(own, 300)}`;
}

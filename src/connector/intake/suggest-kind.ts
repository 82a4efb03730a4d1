import type { EffectKind } from '../../action/effect.ts';

/** What a verb suggests. The order counts: the first that fits. */
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

/** The kind of effect that a verb in lower case suggests, for people to correct; undefined: it suggests nothing. */
export function suggestKind(verb: string): EffectKind | undefined {
  return SUGGESTIONS.find(([, words]) => words.test(verb))?.[0];
}

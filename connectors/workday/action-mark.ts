/** Begins the mark, so that an agent's own text can be kept from containing one. */
const PREFIX = '[interlock ';

/** What Interlock adds to a comment, memo or reason: a read-back finds the effect of exactly this action by it. */
export function markOf(actionId: string): string {
  return `${PREFIX}${actionId}]`;
}

export function withMark(text: string | undefined, actionId: string): string {
  return text === undefined ? markOf(actionId) : `${text} ${markOf(actionId)}`;
}

export function carriesMark(text: string | undefined, actionId: string): boolean {
  return text?.includes(markOf(actionId)) ?? false;
}

/** Whether a text carries no mark: an agent that could write one would make another action look done. */
export function namesNoAction(text: string): boolean {
  return !text.toLowerCase().includes(PREFIX);
}

/** A text without the mark that Interlock added, as its author wrote it. */
export function withoutMark(text: string): string {
  return text.replace(/ ?\[interlock [^\]]*\]/g, '');
}

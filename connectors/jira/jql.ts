/** What is looked for; each field given narrows it. */
export interface Search {
  readonly project: string;
  readonly status?: string | undefined;
  readonly assignee?: string | undefined;
  readonly label?: string | undefined;
  readonly text?: string | undefined;
}

/** A value is always quoted, so that none of it is read as a part of the query. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export function jqlOf({ project, status, assignee, label, text }: Search): string {
  const terms = [
    ['project =', project],
    ['status =', status],
    ['assignee =', assignee],
    ['labels =', label],
    ['text ~', text],
  ] as const;
  const said = terms.flatMap(([term, value]) => (value === undefined ? [] : [`${term} ${quoted(value)}`]));
  return `${said.join(' AND ')} ORDER BY created DESC`;
}

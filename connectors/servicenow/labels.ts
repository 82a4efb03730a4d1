/** Every label that this connector can attach. */
export const LABELS = ['confidential', 'hr', 'pii', 'untrusted'] as const;
type Label = (typeof LABELS)[number];

/** Whole words only: `chrome` is not HR. */
const HR_WORDS = /(?:^|[^a-z])(?:hr|human resources|payroll|personnel)(?:[^a-z]|$)/i;

const LABELS_OF_TABLE: ReadonlyMap<string, readonly Label[]> = new Map<string, readonly Label[]>([
  // Free text that callers, mail gateways and forms wrote.
  ['incident', ['untrusted']],
  ['problem', ['untrusted']],
  ['change_request', ['untrusted']],
  ['sysapproval_approver', ['untrusted']],
  ['sys_user', ['pii']],
  ['sys_user_group', []],
  ['sys_user_role', []],
  ['sys_user_has_role', ['pii']],
  ['sys_user_grmember', ['pii']],
]);

/** What reading a record of the table exposes to; a table that nobody has looked at may hold anything. */
export function labelsOfTable(table: string): readonly Label[] {
  return LABELS_OF_TABLE.get(table) ?? LABELS;
}

interface Classified {
  readonly category?: string | undefined;
  readonly subcategory?: string | undefined;
  readonly assignment_group?: { readonly name?: string | undefined } | undefined;
  /** A column that instances add; absent where they did not. */
  readonly u_confidential?: boolean | undefined;
}

/** What the ticket says of itself: whose desk it lies on, and whether somebody marked it. */
export function labelsOfTicket(ticket: Classified): readonly Label[] {
  const labels: Label[] = [];
  const words = [ticket.category, ticket.subcategory, ticket.assignment_group?.name];
  if (words.some((word) => word !== undefined && HR_WORDS.test(word))) labels.push('hr');
  if (ticket.u_confidential === true) labels.push('confidential');
  return labels;
}

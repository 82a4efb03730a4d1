import { type Effect, type EffectKind, WORST_EFFECT } from '../../src/action/effect.ts';

/** Columns and values as they are written; ServiceNow's scalars are strings. */
export type Fields = Readonly<Record<string, string>>;
export type Verb = 'create' | 'update' | 'delete';
type TableClass = 'ticket' | 'security' | 'unknown';

/**
 * Tables that decide who may do what. Everything that is neither here nor a ticket (scripts, properties, access rules,
 * tables of other applications) counts as the worst that is possible.
 */
const SECURITY_TABLES: ReadonlySet<string> = new Set([
  'sys_user',
  'sys_user_role',
  'sys_user_group',
  'sys_user_has_role',
  'sys_user_grmember',
  'sys_user_delegate',
  'sys_group_has_role',
  'sys_user_role_contains',
  'sysapproval_approver',
  'sysapproval_group',
]);

/** A row that is nothing but a link: taking it away again restores what was. */
const LINK_TABLES: ReadonlySet<string> = new Set(['sys_user_has_role', 'sys_user_grmember']);

const TICKET_TABLES: ReadonlySet<string> = new Set(['incident', 'problem', 'change_request']);

/** Columns with codes and references, which a ticket's desk changes all day. */
const ORDINARY_COLUMNS: ReadonlySet<string> = new Set([
  'impact',
  'urgency',
  'category',
  'subcategory',
  'assignment_group',
  'assigned_to',
  'cmdb_ci',
  'problem_id',
  'parent_incident',
]);

/** Free text: what stood there before is not handed back, because that would be a read around the record's labels. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set(['short_description', 'description', 'work_notes']);

/** Journals only grow: an entry is never taken back. */
export const JOURNAL_COLUMNS: ReadonlySet<string> = new Set(['work_notes', 'comments']);

/** Columns whose content is sent or shown to the caller and to whoever watches the ticket. */
const SHOWN_COLUMNS: ReadonlySet<string> = new Set(['comments', 'close_notes', 'close_code', 'watch_list']);

/** Incident and problem states in which nobody outside the desk is told: new, in progress, on hold, cancelled. */
const QUIET_STATES: ReadonlySet<string> = new Set(['1', '2', '3', '8']);

const ORDINARY: Effect = { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 };
const PRIVILEGE: Effect = { kind: 'privilege', reversible: 'no', external: false, privileged: true, count: 1 };
const COMMUNICATE: Effect = { kind: 'communicate', reversible: 'no', external: true, privileged: false, count: 1 };

export function tableClassOf(table: string): TableClass {
  if (TICKET_TABLES.has(table)) return 'ticket';
  return SECURITY_TABLES.has(table) ? 'security' : 'unknown';
}

/** The worst that writing these columns of this table does. Whatever is not known counts as the worst possible. */
export function recordEffect(verb: Verb, table: string, fields: Fields): Effect {
  switch (tableClassOf(table)) {
    case 'unknown':
      return WORST_EFFECT;
    case 'security':
      return { ...PRIVILEGE, reversible: verb === 'create' && LINK_TABLES.has(table) ? 'operation' : 'no' };
    case 'ticket':
      return worstOf([
        verbEffect(verb),
        ...Object.entries(fields).map(([column, value]) => columnEffect(verb, { table, column, value })),
      ]);
  }
}

/** Whether these columns can be given their former values again. */
export function isReversibleUpdate(table: string, fields: Fields): boolean {
  return recordEffect('update', table, fields).reversible === 'operation';
}

/** Whether somebody outside the desk gets to see what is written. */
export function isCustomerVisible(verb: Verb, table: string, fields: Fields): boolean {
  return recordEffect(verb, table, fields).external;
}

function verbEffect(verb: Verb): Effect {
  return verb === 'delete'
    ? { ...ORDINARY, kind: 'delete', reversible: 'no', privileged: true }
    : { ...ORDINARY, kind: verb };
}

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

function columnEffect(verb: Verb, { table, column, value }: Cell): Effect {
  const ordinary = verbEffect(verb);
  if (ORDINARY_COLUMNS.has(column)) return ordinary;
  if (SHOWN_COLUMNS.has(column)) return COMMUNICATE;
  if (TEXT_COLUMNS.has(column)) return verb === 'update' ? { ...ordinary, reversible: 'no' } : ordinary;
  switch (column) {
    case 'caller_id':
      // A new ticket is its caller's own; giving an existing one another caller shows it to somebody new.
      return verb === 'create' ? ordinary : COMMUNICATE;
    case 'state':
      // A change moves on by its approvals: setting its state goes around them.
      if (table === 'change_request') return PRIVILEGE;
      return QUIET_STATES.has(value) ? ordinary : COMMUNICATE;
    case 'approval':
      return PRIVILEGE;
    case 'type':
      return table === 'change_request' ? PRIVILEGE : WORST_EFFECT;
    default:
      return WORST_EFFECT;
  }
}

/** From the harmless to the worst, for effects that happen together. */
const SEVERITY: readonly EffectKind[] = [
  'read',
  'create',
  'update',
  'delete',
  'communicate',
  'spend',
  'isolate',
  'privilege',
  'execute',
];
const REVERSIBILITY: readonly Effect['reversible'][] = ['operation', 'window', 'no'];

/** One effect that is at least as bad as each of them in every respect. */
export function worstOf(effects: readonly [Effect, ...Effect[]]): Effect {
  return effects.reduce((a, b) => ({
    kind: worse(SEVERITY, a.kind, b.kind),
    reversible: worse(REVERSIBILITY, a.reversible, b.reversible),
    external: a.external || b.external,
    privileged: a.privileged || b.privileged,
    count: Math.max(a.count, b.count),
  }));
}

function worse<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

import { z } from 'zod';
import { BOUNDS } from '../lib/bounds.ts';

/** One segment: lower-case kebab-case, so that `_` never occurs and `system.noun.verb` maps one to one to `system_noun_verb`. */
const SEGMENT = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const TOOL_NAME_LENGTH = 64;

export const systemName = z.string().regex(new RegExp(`^${SEGMENT}$`), 'a system is one lower-case kebab-case word');

/** Stands for Interlock itself where systems are named; no system is called so. */
export const OWN_SYSTEM = 'interlock';

/** `system.noun.verb`; at most 64 characters, the most that MCP clients accept as a tool name. */
export const operationName = z
  .string()
  .max(TOOL_NAME_LENGTH)
  .regex(new RegExp(`^${SEGMENT}\\.${SEGMENT}\\.${SEGMENT}$`), 'an operation is named system.noun.verb');

export const labelName = z
  .string()
  .max(64)
  .regex(new RegExp(`^${SEGMENT}$`), 'a label is one lower-case kebab-case word');

/** The MCP tool that stands for an operation, e.g. `servicenow_incident_update`. */
export function toolNameOf(operation: string): string {
  return operation.replaceAll('.', '_');
}

/** The inverse of {@link toolNameOf}; exact, because segments contain neither character. */
export function operationOfTool(tool: string): string {
  return tool.replaceAll('_', '.');
}

export function systemOf(operation: string): string {
  return operation.slice(0, operation.indexOf('.'));
}

/**
 * Ids that people and clients choose (agents, users, tenants, actions): visible ASCII without white space, quotes,
 * backslash or angle brackets, so that no two of them look alike and none needs escaping anywhere.
 */
export const plainId = z
  .string()
  .min(1)
  .max(BOUNDS.idLength)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:@~+/=-]*$/,
    'an id is letters, digits and ._:@~+/=- and begins with a letter or digit',
  );

import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { plainId } from '../../action/names.ts';
import { BOUNDS } from '../../lib/bounds.ts';

/** What {@link WAIT_TOOL} takes. */
export const waitInput = z.strictObject({ id: plainId, waitMs: z.int().min(0).max(BOUNDS.waitMs).default(0) });

/** The one tool that is no operation: it asks for an action of the caller's own, and changes nothing. */
export const WAIT_TOOL: Tool = {
  name: 'interlock_action_wait',
  description:
    'Answers with the state of one of your earlier actions, e.g. one that waits for a human. Changes nothing.',
  inputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'The id in the answer of the action.' },
      waitMs: {
        type: 'integer',
        minimum: 0,
        maximum: BOUNDS.waitMs,
        default: 0,
        description: 'How long to wait for it to end, in milliseconds.',
      },
    },
    required: ['id'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

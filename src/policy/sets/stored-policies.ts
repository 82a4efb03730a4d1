import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Obligation } from '../../action/obligation.ts';
import type { PolicyDescription } from '../../action/policy-port.ts';
import type { CheckedPolicy } from '../checked-policy.ts';
import { parseExactJson, stringifyExactJson } from '../exact-json.ts';
import type { PolicyStatement } from '../split-policies.ts';

/** Raise it whenever what is stored changes, or what is checked before: sets of another format are checked again. */
export const STORED_FORMAT = 1;

const milliseconds = z.int().min(0);
const path = z.string().regex(/^(?:input|result)[.[]/);
const obligation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['redact', 'mask', 'drop']), path }),
  z.strictObject({ kind: z.enum(['limit', 'cap']), path, max: z.int() }),
  z.strictObject({ kind: z.literal('approval'), group: z.string().min(1), withinMs: milliseconds }),
  z.strictObject({
    kind: z.literal('fact'),
    name: z.string().min(1),
    maxAgeMs: milliseconds.optional(),
    waitMs: milliseconds,
  }),
  z.strictObject({ kind: z.literal('delay'), delayMs: milliseconds }),
]) satisfies z.ZodType<Obligation>;

const description = z.strictObject({
  id: z.string().min(1),
  effect: z.enum(['permit', 'forbid']),
  title: z.string(),
  severity: z.string().optional(),
  unless: z.array(obligation),
  place: z.string(),
}) satisfies z.ZodType<PolicyDescription>;

const statement = z.strictObject({
  file: z.string(),
  line: z.int().min(1),
  text: z.string().min(1),
}) satisfies z.ZodType<PolicyStatement>;

const scope = z.looseObject({ op: z.string() });
const storedPolicy = z.strictObject({
  description,
  statement,
  // Its inside is Cedar's own, and the compiler's to judge.
  json: z.looseObject({
    effect: z.enum(['permit', 'forbid']),
    principal: scope,
    action: scope,
    resource: scope,
    conditions: z.array(z.looseObject({ kind: z.enum(['when', 'unless']) })),
  }),
});

const header = z.strictObject({ format: z.literal(STORED_FORMAT), policies: z.int().min(0) });

/** Checked policies as lines of JSON with exact integers, a header first. */
export function encodePolicies(policies: readonly CheckedPolicy[]): string {
  const first = { format: STORED_FORMAT, policies: policies.length } satisfies z.infer<typeof header>;
  return [first, ...policies].map((line) => stringifyExactJson(line)).join('\n');
}

/** Policies read before others have their turn: a few milliseconds. */
const READ_AT_ONCE = 100;

/** Undefined for whatever `encodePolicies` of this format has not made. */
export async function decodePolicies(text: string): Promise<readonly CheckedPolicy[] | undefined> {
  try {
    const [first = '', ...lines] = text.split('\n');
    if (header.parse(parseExactJson(first)).policies !== lines.length) return undefined;
    const policies: CheckedPolicy[] = [];
    for (const line of lines) {
      if (policies.length % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate();
      // The schema looks at the outside of Cedar's JSON only.
      policies.push(storedPolicy.parse(parseExactJson(line)) as unknown as CheckedPolicy);
    }
    return policies;
  } catch {
    // Cut short, of another form, or never JSON: as good as not there.
    return undefined;
  }
}

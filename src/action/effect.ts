import { z } from 'zod';

export const EFFECT_KINDS = [
  'read',
  'create',
  'update',
  'delete',
  'privilege',
  'communicate',
  'spend',
  'execute',
  'isolate',
] as const;

export type EffectKind = (typeof EFFECT_KINDS)[number];

/** What an action does to the world, computed from its parsed arguments. Unknown arguments count as the worst case. */
export const effectSchema = z.strictObject({
  kind: z.enum(EFFECT_KINDS),
  /** `operation`: another operation undoes it; `window`: the system can restore it for a while; `no`: it cannot be taken back. */
  reversible: z.enum(['operation', 'window', 'no']),
  /** It can be seen or used outside the organisation. */
  external: z.boolean(),
  /** It changes who may do what, or uses rights that ordinary work does not need. */
  privileged: z.boolean(),
  /** How many things it touches, at least 1; what cannot be counted beforehand says so with the worst that is possible. */
  count: z.int().min(1),
  /** Money in minor units of `currency` (ISO 4217). */
  amount: z.strictObject({ minorUnits: z.int(), currency: z.string().length(3) }).optional(),
  /** Tokens that a language model may take in and give out for it, at most. */
  tokens: z.int().min(0).optional(),
  /** Kinds of data that it moves, as labels. */
  dataClasses: z.array(z.string()).optional(),
});

export type Effect = Readonly<z.infer<typeof effectSchema>>;

/** What an action really took of what was reserved for it. */
export type Spent = Pick<Effect, 'amount' | 'tokens'>;

export function isMutating(effect: Effect): boolean {
  return effect.kind !== 'read';
}

/** The worst that an unclassified or unknown call could do. */
export const WORST_EFFECT: Effect = {
  kind: 'execute',
  reversible: 'no',
  external: true,
  privileged: true,
  count: 1,
};

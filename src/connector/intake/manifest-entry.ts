import { z } from 'zod';
import { EFFECT_KINDS } from '../../action/effect.ts';
import { labelName } from '../../action/names.ts';
import { ARGUMENT_ROLES, AUTHORS } from '../../action/provenance.ts';
import { argumentPath } from './argument-values.ts';
import { condition } from './condition.ts';

const kind = z.enum(EFFECT_KINDS);

/** What is left out counts as the worst, except for a read, which neither changes nor grants anything. */
const effect = z
  .strictObject({
    kind,
    /** `operation` is missing on purpose: it is what an entry with an undo is. */
    reversible: z.enum(['window', 'no']).default('no'),
    external: z.boolean().optional(),
    privileged: z.boolean().optional(),
    /** An argument whose values are counted, e.g. `paths[*]`; default: one thing. */
    count: argumentPath.optional(),
  })
  .refine(
    (declared) => declared.kind !== 'read' || (declared.count === undefined && declared.privileged === undefined),
    'a read counts as one and is not privileged',
  );

const effectCases = z.strictObject({
  /** The first case whose condition holds counts. */
  cases: z
    .array(z.strictObject({ when: condition, effect }))
    .min(1)
    .max(50),
  /** When none holds; left out, the worst that a call can do. */
  otherwise: effect.optional(),
});

const resource = z.strictObject({
  /** A Cedar entity type, as `Files::File`. */
  type: z.templateLiteral([z.string().regex(/^[A-Z][A-Za-z0-9]*$/), '::', z.string().regex(/^[A-Z][A-Za-z0-9]*$/)]),
  /** The arguments that hold the ids, several of one with `[*]`; left out, the operation itself is the resource. */
  id: z.union([argumentPath, z.array(argumentPath).min(1).max(10)]).optional(),
  /** The id is a file path and is brought into one form before it is compared. */
  isPath: z.boolean().default(false),
});

const label = z.union([labelName, z.strictObject({ label: labelName, when: condition })]);

const evidence = z.strictObject({
  mark: z.enum(['spec', 'sdk', 'rec', 'doc', '3rd', 'mem']),
  source: z.string().min(1),
});

const storeName = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*$/, 'a store is named in lower case');

/** Where a field stands in an answer: `balance`, `[*].subject`, `mails[*].attachments[*]`. */
const resultPath = z
  .string()
  .max(200)
  .regex(
    /^(?:\[\*\])*(?:(?:^|(?<=\])\.?|\.)[^\s.[\]]+(?:\[\*\])*)*$/,
    'a field is named like balance, [*].subject or mails[*].id',
  )
  .min(1);

/** What a manifest says of one operation; without `repeat`, it is never sent twice. */
export const manifestEntry = z.strictObject({
  /** `noun.verb`; the connector's name comes before it. */
  operation: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'an operation is named noun.verb')
    .optional(),
  /** For agents, instead of the system's own words. */
  description: z.string().max(2_000).optional(),
  /** Left out, the operation is unclassified: it exists and is refused. */
  effect: z.union([effect, effectCases]).optional(),
  resource: resource.optional(),
  /** Stores in which what one operation writes can be found by another that does not name it: further resources of both. */
  shares: z.union([storeName, z.array(storeName).min(1).max(10)]).optional(),
  /** What reading the answer exposes the agent to. A system's text is nobody's word: default `untrusted`. */
  labels: z.array(label).max(50).default(['untrusted']),
  /** Arguments that say where data goes; policies see their values as `context.input.destinations`. */
  destinations: z.array(argumentPath).max(20).default([]),
  /** What arguments decide, by path; what is left out is judged by its values: an address is a destination. */
  arguments: z.record(argumentPath, z.enum(ARGUMENT_ROLES)).default({}),
  /** Who answers for what it returns; what is left out is judged by its values: sentences are others' words. */
  returns: z
    .strictObject({
      default: z.enum(AUTHORS).optional(),
      /** By path in the answer, as `[*].subject`; a path stands for all below it. */
      fields: z.record(resultPath, z.enum(AUTHORS)).default({}),
    })
    .optional(),
  /** Further words by which people ask for this, as `wire` for a payment. */
  asked: z
    .array(z.string().regex(/^\p{L}{2,40}$/u, 'one word'))
    .max(50)
    .default([]),
  repeat: z.strictObject({ class: z.enum(['naturally-idempotent', 'at-most-once']), evidence }).optional(),
  /** The accepted definition; `interlock connector accept` writes it. */
  pin: z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]).optional(),
  /** What `interlock connector import` guessed, and why: for people, never obeyed. */
  proposal: z.unknown().optional(),
  reason: z.string().optional(),
});

export type ManifestEntry = z.output<typeof manifestEntry>;
export type ManifestEffect = z.output<typeof effect>;

/** An entry that somebody has given an effect. */
export type ClassifiedEntry = ManifestEntry & { readonly effect: NonNullable<ManifestEntry['effect']> };

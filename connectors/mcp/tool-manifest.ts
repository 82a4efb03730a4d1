import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { EFFECT_KINDS } from '../../src/action/effect.ts';
import { labelName } from '../../src/action/names.ts';
import { ARGUMENT_ROLES, AUTHORS } from '../../src/action/provenance.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { explainIssues } from '../../src/lib/explain-issues.ts';
import { argumentPath } from './argument-values.ts';
import { condition } from './condition.ts';

const kind = z.enum(EFFECT_KINDS);

/** What is left out counts as the worst, except for a read, which neither changes nor grants anything. */
const effect = z
  .strictObject({
    kind,
    /** `operation` is missing on purpose: a tool names no undo that Interlock could run. */
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
  /** The arguments that hold the ids, several of one with `[*]`; left out, the tool itself is the resource. */
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

const tool = z.strictObject({
  /** `noun.verb`; the connector's name comes before it. Default: `tool.<the tool's name in kebab case>`. */
  operation: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'an operation is named noun.verb')
    .optional(),
  /** For agents, instead of the server's own words. */
  description: z.string().max(2_000).optional(),
  /** Left out, the tool is unclassified: it exists and is refused. */
  effect: z.union([effect, effectCases]).optional(),
  resource: resource.optional(),
  /** Stores in which what one tool writes can be found by another that does not name it: further resources of both. */
  shares: z.union([storeName, z.array(storeName).min(1).max(10)]).optional(),
  /** What reading the answer exposes the agent to. A server's text is nobody's word: default `untrusted`. */
  labels: z.array(label).max(50).default(['untrusted']),
  /** Arguments that say where data goes; policies see their values as `context.input.destinations`. */
  destinations: z.array(argumentPath).max(20).default([]),
  /** What arguments decide, by path; what is left out is judged by its values: an address is a destination. */
  arguments: z.record(argumentPath, z.enum(ARGUMENT_ROLES)).default({}),
  /** Who answers for what the tool returns; what is left out is judged by its values: sentences are others' words. */
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
  repeat: z.strictObject({ class: z.enum(['naturally-idempotent', 'at-most-once']), evidence }).default({
    class: 'at-most-once',
    evidence: { mark: 'spec', source: 'MCP has no idempotency key for tools/call' },
  }),
  /** The accepted definition; `interlock mcp accept` writes it. */
  pin: z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]).optional(),
  /** What `interlock mcp propose` guessed, and why: for people, never obeyed. */
  proposal: z.unknown().optional(),
  reason: z.string().optional(),
});

/** The tool manifest: turns a server's list of tools into governed operations. */
export const toolManifest = z.strictObject({
  /** Folders that relative paths may start from: `**` rules are tried from each of them too. Default: the server's own folder. */
  roots: z.array(z.string().min(1)).max(20).default([]),
  tools: z.record(z.string().min(1).max(128), tool),
});

export type ToolManifest = z.output<typeof toolManifest>;
export type ManifestTool = ToolManifest['tools'][string];
export type ManifestEffect = z.output<typeof effect>;

/** Reads a manifest, YAML or JSON. Throws CONNECTOR_INVALID with the place that is wrong. */
export async function readToolManifest(file: string): Promise<ToolManifest> {
  let content: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > BOUNDS.bodyBytes) throw new InterlockError('TOO_LARGE', `the tool manifest ${file} is too large`);
    content = parse(text, { uniqueKeys: true });
  } catch (cause) {
    throw new InterlockError('CONNECTOR_INVALID', `the tool manifest ${file} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
  const parsed = toolManifest.safeParse(content);
  if (!parsed.success)
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `the tool manifest ${file}: ${explainIssues(toolManifest, parsed.error)}`,
    );
  return parsed.data;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

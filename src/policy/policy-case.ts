import { parse } from 'yaml';
import { z } from 'zod';
import type { DecisionKind } from '../action/decision.ts';
import { EFFECT_KINDS } from '../action/effect.ts';
import type { Limits } from '../action/event.ts';
import type { FactValue } from '../action/fact.ts';
import { labelName, operationName, plainId } from '../action/names.ts';
import { AUTHORS } from '../action/provenance.ts';
import type { SignalValues } from '../action/signal.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import { explainIssues } from '../lib/explain-issues.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { duration } from './signals/duration.ts';

const agent = plainId.default('agent');

const earlierAction = z.strictObject({
  operation: operationName,
  agent,
  /** Refused; then it has no effect and shows nothing. */
  denied: z.boolean().default(false),
  kind: z.enum(EFFECT_KINDS).default('read'),
  count: z.int().min(1).default(1),
  /** What it exposed the agent to. */
  labels: z.array(labelName).default([]),
  /** How often it happened. */
  times: z.int().min(1).max(1_000).default(1),
  /** With an input, its connector says what it did, whatever `kind` and `count` say. */
  input: z.record(z.string(), z.json()).optional(),
  /** What it showed, and who answers for its fields, as its connector would say. */
  result: z.json().optional(),
  authors: z
    .strictObject({ default: z.enum(AUTHORS).optional(), fields: z.record(z.string(), z.enum(AUTHORS)).default({}) })
    .optional(),
  /** How long before the question. */
  ago: duration.default(0),
  outcome: z.enum(['in-flight', 'accepted', 'succeeded', 'failed', 'unknown']).default('succeeded'),
  /** It still waits. */
  held: z.boolean().default(false),
  /** Whose yes it relied on. */
  approvedBy: plainId.optional(),
  /** What its own decision read. */
  signals: z.record(z.string(), z.json()).optional(),
  /** In another workflow of the tenant, and for another user. */
  workflow: plainId.optional(),
  user: plainId.optional(),
});

const message = z.strictObject({ from: plainId, to: plainId, text: z.string().optional() });

const situation = {
  workflow: z
    .strictObject({
      mandate: z.string().optional(),
      user: plainId.optional(),
      groups: z.array(z.string()).optional(),
      limits: z.partialRecord(z.enum(['actions', 'tokens', ...EFFECT_KINDS]), z.int().min(0)).default({}),
      /** Brought along from the workflow that it continues. */
      labels: z.array(labelName).default([]),
    })
    .default({ limits: {}, labels: [] }),
  history: z.array(z.union([earlierAction, message])).default([]),
  /** Values of signals, instead of those that the history gives. */
  signals: z.record(z.string(), z.json()).default({}),
  /** What is known of the user and of what is touched, each about whatever it can be about here. */
  facts: z
    .record(
      z.string(),
      z.strictObject({
        value: z.union([z.string(), z.int(), z.boolean(), z.array(z.string())]),
        ago: duration.default(0),
      }),
    )
    .default({}),
  action: z.strictObject({ operation: operationName, input: z.record(z.string(), z.json()).default({}), agent }),
};

/** One action with its situation, flat. */
const question = z.strictObject({
  ...situation.action.shape,
  workflow: situation.workflow,
  history: situation.history,
  signals: situation.signals,
  facts: situation.facts,
});

const expected = z.strictObject({
  decision: z.enum(['allow', 'deny', 'modify', 'step_up', 'defer']),
  /** Exactly these are the reasons; left out: whichever. */
  policies: z.array(z.string()).optional(),
});

const optionalSituation = {
  workflow: situation.workflow.unwrap().optional(),
  history: situation.history.unwrap().optional(),
  signals: situation.signals.unwrap().optional(),
  facts: situation.facts.unwrap().optional(),
  action: situation.action.optional(),
};

const caseSchema = z.strictObject({
  name: z.string().min(1),
  ...situation,
  expect: expected,
  /** The same once more with what differs: the sibling that shows which precondition counts. */
  but: z.array(z.strictObject({ when: z.string().min(1), ...optionalSituation, expect: expected })).default([]),
});

const fileSchema = z.array(caseSchema);

type EarlierAction = Readonly<z.output<typeof earlierAction>>;

/** One question to a policy set, as data: what happened before, what is asked, and what should come of it. */
export interface PolicyCase {
  readonly file: string;
  readonly name: string;
  readonly workflow: {
    readonly mandate?: string | undefined;
    readonly user?: string | undefined;
    readonly groups?: readonly string[] | undefined;
    readonly limits: Limits;
    readonly labels: readonly string[];
  };
  readonly history: readonly (EarlierAction | Readonly<z.output<typeof message>>)[];
  readonly signals: SignalValues;
  readonly facts: Readonly<Record<string, { readonly value: FactValue; readonly ago: number }>>;
  readonly action: { readonly operation: string; readonly input: JsonObject; readonly agent: string };
  readonly expect: { readonly decision: DecisionKind; readonly policies?: readonly string[] | undefined };
}

/** What a case asks, without what is expected of it. */
export type PolicyQuestionCase = Pick<PolicyCase, 'workflow' | 'history' | 'signals' | 'facts' | 'action'>;

/** Reads `{ operation, input, agent?, workflow?, history?, signals?, facts? }`, the latter four as in a case. Throws INVALID_CALL. */
export function parseQuestion(value: Json): PolicyQuestionCase {
  const parsed = question.safeParse(value);
  if (!parsed.success) throw new InterlockError('INVALID_CALL', explainIssues(question, parsed.error));
  const { workflow, history, signals, facts, ...action } = parsed.data;
  return { workflow, history, signals, facts, action };
}

/** Reads a file of cases, YAML or JSON; each `but` becomes a case of its own. Throws POLICY_INVALID with the place. */
export function parsePolicyCases(file: string, text: string): readonly PolicyCase[] {
  const parsed = fileSchema.safeParse(yamlOf(file, text));
  if (!parsed.success)
    throw new InterlockError('POLICY_INVALID', `${file}: ${explainIssues(fileSchema, parsed.error)}`);
  return parsed.data.flatMap(({ but, ...main }) => [
    { file, ...main },
    ...but.map(({ when, expect, ...changed }) => {
      const {
        workflow = main.workflow,
        history = main.history,
        signals = main.signals,
        facts = main.facts,
        action = main.action,
      } = changed;
      return { file, name: `${main.name}, but ${when}`, workflow, history, signals, facts, action, expect };
    }),
  ]);
}

function yamlOf(file: string, text: string): Json {
  if (text.length > BOUNDS.policyFileCharacters)
    throw new InterlockError('POLICY_INVALID', `${file}: the file is too large`);
  try {
    return parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch (cause) {
    throw new InterlockError('POLICY_INVALID', `${file}: ${cause instanceof Error ? cause.message : 'not YAML'}`, {
      cause,
    });
  }
}

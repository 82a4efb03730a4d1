import type { PolicyDescription } from '../action/policy-port.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type CheckedStatement, checkStatements } from './cedar-wasm/check-statements.ts';
import type { CheckedPolicy, PolicyFile } from './checked-policy.ts';
import type { CedarSchemaJson } from './generate-schema.ts';
import { parseUnless } from './parse-unless.ts';
import { type PolicyProblem, type PolicyStatement, splitPolicies } from './split-policies.ts';

export interface CheckedFiles {
  /** Those without problems. */
  readonly policies: readonly CheckedPolicy[];
  readonly problems: readonly PolicyProblem[];
}

/**
 * Splits, parses and validates files. It takes as long as their author wants, and what it meets can break the parser:
 * it runs in a thread of its own.
 */
export function checkFiles(schema: CedarSchemaJson, files: readonly PolicyFile[]): CheckedFiles {
  const split = files.map(({ name, text }) => splitPolicies(name, text));
  const statements = split.flatMap((file) => file.statements);
  if (statements.length > BOUNDS.policyCount)
    return { policies: [], problems: [tooMany('policies', BOUNDS.policyCount)] };
  const texts = statements.map((statement) => statement.text);
  const checked = texts.length === 0 ? [] : checkStatements(schema, texts);
  const problems = split.flatMap((file) => file.problems);
  const policies: CheckedPolicy[] = [];
  const places = new Map<string, string>();
  statements.forEach((statement, index) => {
    const result = describe(statement, checked[index], places);
    if ('problems' in result) problems.push(...result.problems);
    else policies.push(result);
  });
  return { policies, problems: bounded(problems) };
}

export function tooMany(what: string, most: number): PolicyProblem {
  return {
    place: 'policies',
    problem: `there are more than ${most} ${what}`,
    remedy: 'Merge policies that differ only in names: sets and groups say the same.',
  };
}

/** A text of a megabyte can be quoted in what is wrong with it, and a whole set can be wrong. */
function bounded(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const shown = problems.slice(0, BOUNDS.policyProblems).map((each) => ({
    ...each,
    ...(each.policy === undefined ? {} : { policy: cut(each.policy) }),
    problem: cut(each.problem),
    remedy: cut(each.remedy),
  }));
  const more = problems.length - shown.length;
  const rest = {
    place: 'policies',
    problem: `${more} more problems are not shown`,
    remedy: 'Correct the others first.',
  };
  return more === 0 ? shown : [...shown, rest];
}

function cut(text: string, most: number = BOUNDS.detailCharacters): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}

/** A name inside a sentence. */
function brief(name: string): string {
  return cut(name, BOUNDS.idLength);
}

type Complain = (problem: string, remedy: string, place?: string) => void;

function describe(
  statement: PolicyStatement,
  checked: CheckedStatement | undefined,
  places: Map<string, string>,
): CheckedPolicy | { readonly problems: readonly PolicyProblem[] } {
  const { json, objections } = checked ?? { json: undefined, objections: [] };
  const annotations = new Map(Object.entries(json?.annotations ?? {}));
  const id = annotations.get('id');
  const place = `${statement.file}:${statement.line}`;
  const problems: PolicyProblem[] = [];
  const complain: Complain = (problem, remedy, at = place) => problems.push({ place: at, policy: id, problem, remedy });
  for (const { offset, problem, remedy } of objections) complain(problem, remedy, placeOf(statement, offset));
  if (json === undefined) return { problems };
  checkId(id, places, place, complain);
  checkAnnotations(annotations, json.effect, complain);
  const unless = unlessOf(annotations.get('unless'), complain);
  if (problems.length > 0 || id === undefined) return { problems };
  const description: PolicyDescription = {
    id,
    effect: json.effect,
    title: annotations.get('title') ?? '',
    severity: annotations.get('severity'),
    unless,
    place,
  };
  return { statement, json, description };
}

function placeOf({ file, line, text }: PolicyStatement, offset: number): string {
  return `${file}:${line + text.slice(0, offset).split('\n').length - 1}`;
}

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function checkId(id: string | undefined, places: Map<string, string>, place: string, complain: Complain): void {
  const first = id === undefined ? undefined : places.get(id);
  if (id === undefined) {
    complain('the policy has no @id', 'Add @id("…"): decisions and logs name the policy by it.');
  } else if (id.length > BOUNDS.idLength || !ID.test(id)) {
    complain(`the id "${brief(id)}" is not lower-case kebab-case`, 'Use words of a–z and 0–9 joined by -.');
  } else if (first !== undefined) {
    complain(`the id "${id}" is already taken at ${first}`, 'Give each policy an id of its own.');
  } else {
    places.set(id, place);
  }
}

const KNOWN_ANNOTATIONS = new Set(['id', 'title', 'severity', 'unless']);
const SEVERITIES = new Set(['low', 'medium', 'high', 'critical']);

function didYouMean(name: string): string {
  const suggestion = nearest(brief(name), KNOWN_ANNOTATIONS);
  return suggestion === undefined ? '' : `Did you mean @${suggestion}? `;
}

function checkAnnotations(
  annotations: ReadonlyMap<string, string>,
  effect: PolicyDescription['effect'],
  complain: Complain,
): void {
  for (const [name, { length }] of annotations) {
    if (!KNOWN_ANNOTATIONS.has(name))
      complain(
        `@${brief(name)} means nothing here`,
        `${didYouMean(name)}Use ${[...KNOWN_ANNOTATIONS].map((known) => `@${known}`).join(', ')}.`,
      );
    else if (length > BOUNDS.annotationCharacters)
      complain(
        `@${name} has ${length} characters, more than ${BOUNDS.annotationCharacters}`,
        'Shorten it: it goes into every decision that the policy is a reason of.',
      );
  }
  if ((annotations.get('title') ?? '').trim() === '')
    complain('the policy has no @title', 'Add @title("…"): one plain sentence that agents and people are told.');
  const severity = annotations.get('severity');
  if (severity !== undefined && !SEVERITIES.has(severity))
    complain(`the severity "${brief(severity)}" is not known`, `Use ${[...SEVERITIES].join(', ')}.`);
  if (effect === 'permit' && annotations.has('unless'))
    complain('@unless stands on a permit', 'Write it on a forbid: it says how the forbid is discharged.');
}

function unlessOf(text: string | undefined, complain: Complain): PolicyDescription['unless'] {
  if (text === undefined || text.length > BOUNDS.annotationCharacters) return [];
  try {
    return parseUnless(text);
  } catch (thrown) {
    if (!(thrown instanceof InterlockError)) throw thrown;
    complain(thrown.message, 'Write e.g. @unless("redact(result.ssn) and approval(security, within: 30m)").');
    return [];
  }
}

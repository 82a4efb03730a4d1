import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { ERRORS, InterlockError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import { lintPolicies } from '../policy/lint-policies.ts';
import { loadPolicySet } from '../policy/load-policy-set.ts';
import { parsePolicyCases, parseQuestion } from '../policy/policy-case.ts';
import { runPolicyCases } from '../policy/run-policy-cases.ts';
import type { CaseResult, LocalWork, PolicyProblem } from '../surface/cli/cli-context.ts';
import type { Config } from './config.ts';
import { decideCase } from './decide-case.ts';
import { withRegistry } from './offline.ts';
import { readPolicies } from './read-policies.ts';

interface Desk {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative paths on the command line start here. */
  readonly directory: string;
}

/** Cases are decided at one moment, so that they decide alike every day. */
const CASES_AT = Date.UTC(2026, 0, 1);

/** What a linter finds in the given files, or in the configured ones. */
export function lint(desk: Desk, paths: readonly string[]): Promise<readonly PolicyProblem[]> {
  const { config, directory } = desk;
  const files =
    paths.length === 0 ? readPolicies(config.policies, config.baseDirectory) : readPolicies(paths, directory);
  return withRegistry(desk, ({ catalog }) => lintPolicies({ files, catalog, groups: knownGroups(config) }));
}

/** Who can approve, where the configuration says it all: tokens can name any group. */
function knownGroups({ jwt, keys, dev }: Config): ReadonlySet<string> | undefined {
  if (jwt !== undefined || keys.length === 0) return undefined;
  return new Set([...dev.groups, ...keys.flatMap(({ groups }) => groups)]);
}

/** Decides every case of the given files, or of the `cases` folders beside the configured policies. */
export async function testPolicies(desk: Desk, paths: readonly string[]): Promise<readonly CaseResult[]> {
  const { config, directory } = desk;
  const files =
    paths.length === 0 ? configuredCases(config) : paths.flatMap((path) => caseFiles(resolve(directory, path)));
  if (files.length === 0)
    throw new InterlockError('CONFIG_INVALID', 'there are no cases: name files or folders of them');
  const cases = files.flatMap((file) => parsePolicyCases(relative(directory, file), readFileSync(file, 'utf8')));
  return withRegistry(desk, async (registry) => {
    const { catalog } = registry;
    const policySet = await loadPolicySet({ files: readPolicies(config.policies, config.baseDirectory), catalog });
    const results = await runPolicyCases(cases, async (policyCase) => {
      const { decision } = await decideCase({ registry, catalog, policySet, now: CASES_AT }, policyCase);
      return { decision: decision.decision, policies: decision.reasons.map(({ policy }) => policy) };
    });
    return results.map(({ case: { file, name }, passed, failure }) => ({
      file,
      name,
      ok: passed,
      detail: failure ?? '',
    }));
  });
}

/** Decides one action as of now: `{ operation, input, agent?, workflow?, history?, signals? }`, the latter three as in a policy case. */
export async function check(desk: Desk, action: Json): ReturnType<LocalWork['check']> {
  const question = parseQuestion(action);
  return withRegistry(desk, async (registry) => {
    const { config } = desk;
    const { catalog } = registry;
    const policySet = await loadPolicySet({ files: readPolicies(config.policies, config.baseDirectory), catalog });
    const { decision } = await decideCase({ registry, catalog, policySet, now: systemClock.now() }, question);
    const { reasons } = decision;
    if (decision.decision === 'deny')
      return { decision: 'deny', code: decision.code, hint: ERRORS[decision.code].hint, reasons, obligations: [] };
    return { decision: decision.decision, reasons, obligations: decision.resultObligations, input: decision.input };
  });
}

function configuredCases({ policies, baseDirectory }: Config): readonly string[] {
  const folders = policies.flatMap((path) => {
    const full = resolve(baseDirectory, path);
    return [join(full, 'cases'), join(dirname(full), 'cases')];
  });
  return [...new Set(folders)].filter((folder) => existsSync(folder)).flatMap(caseFiles);
}

function caseFiles(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

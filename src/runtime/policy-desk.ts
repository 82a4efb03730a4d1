import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { ERRORS, InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { lintPolicies } from '../policy/lint-policies.ts';
import { loadPolicySet } from '../policy/load-policy-set.ts';
import { parsePolicyCases } from '../policy/policy-case.ts';
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

/** What a linter finds in the given files, or in the configured ones. */
export function lint(desk: Desk, paths: readonly string[]): Promise<readonly PolicyProblem[]> {
  const { config, directory } = desk;
  const files =
    paths.length === 0 ? readPolicies(config.policies, config.baseDirectory) : readPolicies(paths, directory);
  return withRegistry(desk, ({ catalog }) => lintPolicies({ files, catalog }));
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
    const results = await runPolicyCases(cases, (policyCase) => {
      const { decision } = decideCase({ registry, catalog, policySet }, policyCase);
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

const actionFile = z.looseObject({ operation: z.string(), input: z.record(z.string(), z.json()).default({}) });

/** Decides one action: `{ operation, input, workflow?, history? }`, the latter two as in a policy case. */
export async function check(desk: Desk, action: JsonObject): ReturnType<LocalWork['check']> {
  const { operation, input, ...situation } = parsedAction(action);
  const [policyCase] = parsePolicyCases(
    'action',
    JSON.stringify([{ name: 'action', ...situation, action: { operation, input }, expect: { decision: 'allow' } }]),
  );
  if (policyCase === undefined) throw new InterlockError('INVALID_CALL');
  return withRegistry(desk, async (registry) => {
    const { config } = desk;
    const { catalog } = registry;
    const policySet = await loadPolicySet({ files: readPolicies(config.policies, config.baseDirectory), catalog });
    const { decision } = decideCase({ registry, catalog, policySet }, policyCase);
    const { reasons } = decision;
    if (decision.decision === 'deny')
      return { decision: 'deny', code: decision.code, hint: ERRORS[decision.code].hint, reasons, obligations: [] };
    return { decision: decision.decision, reasons, obligations: decision.resultObligations, input: decision.input };
  });
}

function parsedAction(action: JsonObject): z.output<typeof actionFile> {
  const parsed = actionFile.safeParse(action);
  if (!parsed.success) throw new InterlockError('INVALID_CALL', z.prettifyError(parsed.error));
  return parsed.data;
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

import { afterEach, expect, test } from 'vitest';
import github from '../../connectors/github/index.ts';
import { SEED as GITHUB, SIMULATED_TOKEN as GITHUB_TOKEN } from '../../connectors/github/simulator/seed.ts';
import jira from '../../connectors/jira/index.ts';
import { SEED as JIRA, SIMULATED } from '../../connectors/jira/simulator/seed.ts';
import slack from '../../connectors/slack/index.ts';
import { SEED as SLACK, SIMULATED_TOKEN as SLACK_TOKEN } from '../../connectors/slack/simulator/seed.ts';
import type { AnyConnector, Simulator } from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { loadSdk } from './judge-connector.ts';

type Client = Readonly<Record<string, Readonly<Record<string, (parameters: JsonObject) => Promise<unknown>>>>>;

const SILENT = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };

let simulator: Simulator | undefined;
afterEach(() => simulator?.close());

async function start({ simulate }: AnyConnector): Promise<Simulator> {
  if (simulate === undefined) throw new Error('there is no simulator');
  simulator = await simulate({ port: 0 });
  return simulator;
}

/** Calls a method of an SDK, which says itself whether it can read the answer. */
function ask(client: Client, [group, method]: readonly [string, string], parameters: JsonObject): Promise<unknown> {
  const found = client[group]?.[method];
  if (found === undefined) throw new Error(`the SDK has no ${group}.${method}`);
  return found(parameters);
}

test("GitHub's SDK works against the simulated GitHub", async () => {
  const { origin, audit } = await start(github);
  const sdk = loadSdk('@octokit/rest') as { Octokit: new (options: unknown) => { readonly rest: Client } };
  const { rest } = new sdk.Octokit({ auth: GITHUB_TOKEN, baseUrl: origin, log: SILENT });
  const at = { owner: GITHUB.owner, repo: GITHUB.repo };
  expect(await ask(rest, ['repos', 'get'], at)).toMatchObject({ status: 200, data: { full_name: 'acme/billing' } });
  const merged = await ask(rest, ['pulls', 'merge'], { ...at, pull_number: GITHUB.pull, sha: GITHUB.feature });
  expect(merged).toMatchObject({ data: { merged: true } });
  await expect(ask(rest, ['repos', 'get'], { ...at, repo: 'none' })).rejects.toMatchObject({ status: 404 });
  expect(audit().map(({ effect }) => effect)).toEqual(['pull.merge']);
});

test("Slack's SDK works against the simulated workspace", async () => {
  const { origin, audit } = await start(slack);
  const sdk = loadSdk('@slack/web-api') as { WebClient: new (token: string, options: unknown) => Client };
  const client = new sdk.WebClient(SLACK_TOKEN, { slackApiUrl: `${origin}/api/`, retryConfig: { retries: 0 } });
  const posted = await ask(client, ['chat', 'postMessage'], { channel: SLACK.general, text: 'Hello.' });
  expect(posted).toMatchObject({ ok: true, channel: SLACK.general });
  await expect(ask(client, ['chat', 'postMessage'], { channel: SLACK.closed, text: 'Hello.' })).rejects.toMatchObject({
    data: { error: 'is_archived' },
  });
  expect(audit().map(({ effect }) => effect)).toEqual(['message.post']);
});

test('jira.js works against the simulated site', async () => {
  const { origin, audit } = await start(jira);
  const name: string = 'jira.js'; // not there to type-check against, and cannot be required
  const sdk = (await import(name)) as { createCloudClient: (config: unknown) => Client };
  const auth = { type: 'basic', email: SIMULATED.email, apiToken: SIMULATED.token };
  const client = sdk.createCloudClient({ host: origin, auth, onSchemaMismatch: 'silent' });
  const issueIdOrKey = JIRA.issue;
  expect(await ask(client, ['issues', 'getIssue'], { issueIdOrKey })).toMatchObject({ key: JIRA.issue });
  await ask(client, ['issues', 'doTransition'], { issueIdOrKey, transition: { id: '31' } });
  await expect(ask(client, ['issues', 'getIssue'], { issueIdOrKey: 'BILL-99' })).rejects.toThrow();
  expect(audit().map(({ effect }) => effect)).toEqual(['issue.transition']);
});

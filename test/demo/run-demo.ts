import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import type { AuditEntry } from '../../src/connector/contract.ts';
import type { Answer, ApprovalSummary, WorkflowDetail } from '../../src/gate/answers.ts';
import type { OpenedSession } from '../../src/gate/requests.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { LogVerdict } from '../../src/surface/cli/cli-context.ts';
import { demoConfig, ROOT } from './demo-config.ts';

export const BIN = join(ROOT, 'src/runtime/bin.ts');

/** Where a gateway that `dev` started can be called. */
export interface Address {
  readonly url: string;
  readonly keys: { readonly runner: string; readonly approver: string };
}

export interface DemoRun {
  /** What it printed. */
  readonly story: string;
  /** The workflow that the reader was asked about, when all was over. */
  readonly workflow: WorkflowDetail;
  readonly approval: ApprovalSummary;
  /** What each simulated system says was done to it. */
  readonly audit: Readonly<Record<string, readonly AuditEntry[]>>;
  readonly outbox: readonly { readonly to: readonly string[] }[];
  /** `interlock log verify`, after the gateway was stopped. */
  readonly verdict: LogVerdict;
}

/** Runs the demo from its beginning to its end in a process of its own; the reader gives the one answer over HTTP. */
export async function runDemo(folder: string, answer: 'approve' | 'deny'): Promise<DemoRun> {
  const config = demoConfig(folder);
  const dev = fork(join(import.meta.dirname, 'dev-main.ts'), [config], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  try {
    const story = dev.stdout === null ? '' : text(dev.stdout);
    const [address] = (await once(dev, 'message')) as [Address]; // what dev-main.ts sends first
    const { url, keys } = address;
    const ended = once(dev, 'message');
    const asked = await vi.waitFor(() => onlyApproval(address), { timeout: 60_000, interval: 50 });
    await callApi(`${url}/v1/approvals/${asked.id}`, keys.approver, { answer, reason: 'as agreed' });
    const [audit] = (await ended) as [DemoRun['audit']]; // what it sends second
    const workflow = await callApi<WorkflowDetail>(`${url}/v1/workflows/${asked.workflow}`, keys.approver);
    const approval = await callApi<ApprovalSummary>(`${url}/v1/approvals/${asked.id}`, keys.approver);
    const outbox = await readOutbox(address);
    dev.send('close');
    await once(dev, 'exit');
    return { story: await story, workflow, approval, audit, outbox, verdict: await verifyLog(config) };
  } finally {
    dev.kill('SIGKILL');
  }
}

export async function callApi<T>(url: string, key: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as T; // the HTTP surface's own tests hold it to these types
}

/** One action of an agent that has a workflow of its own, as any other client would do it. */
export async function actOnce({ url, keys }: Address, operation: string, input: JsonObject): Promise<Answer> {
  const { id } = await callApi<{ id: string }>(`${url}/v1/workflows`, keys.runner, { onBehalfOf: { id: 'tester' } });
  const opened = `${url}/v1/workflows/${id}/sessions`;
  const { token } = await callApi<OpenedSession>(opened, keys.runner, { agent: 'tester' });
  return callApi(`${url}/v1/actions`, token, { operation, input });
}

async function onlyApproval({ url, keys }: Address): Promise<ApprovalSummary> {
  const { approvals } = await callApi<{ approvals: ApprovalSummary[] }>(`${url}/v1/approvals`, keys.approver);
  const [approval] = approvals;
  if (approval === undefined || approvals.length > 1) throw new Error(`${approvals.length} approvals wait`);
  return approval;
}

/** As demo/mail-server.mjs answers. */
interface Listed {
  readonly structuredContent: { readonly messages: DemoRun['outbox'] };
}

async function readOutbox(address: Address): Promise<DemoRun['outbox']> {
  const { outcome } = await actOnce(address, 'mail.message.list', { limit: 100 });
  if (outcome?.result === undefined) throw new Error('the outbox could not be read');
  return (outcome.result as unknown as Listed).structuredContent.messages;
}

async function verifyLog(config: string): Promise<LogVerdict> {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, '--json', 'log', 'verify', '--config', config]);
  return JSON.parse(stdout);
}

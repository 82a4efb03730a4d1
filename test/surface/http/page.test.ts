import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../src/action/action.ts';
import type { Caller } from '../../../src/gate/interlock.ts';
import { launchBrowser, withoutBrowser } from './browser.ts';
import { type Harness, KEYS, LEAK, READ, request, SEND, startHarness } from './harness.ts';
import { listen } from './raw-client.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('its policy allows nothing but its own files, and a frame never holds it', async () => {
  const harness = await startHarness();
  const response = await harness.app.inject(request('GET', '/'));
  expect(response.headers['content-security-policy']).toContain("script-src 'self'");
  expect(response.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(response.body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
  await harness.close();
});

test('a surface without its page has nothing at /', async () => {
  const harness = await startHarness({ console: false });
  expect((await harness.app.inject(request('GET', '/'))).statusCode).toBe(404);
  await harness.close();
});

describe.skipIf(withoutBrowser())('the live page in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let harness: Harness;
  let agent: Caller;
  let base: string;
  /** What the browser complained about, policy violations included. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    harness = await startHarness();
    agent = await harness.interlock.authenticate(harness.agent.token);
    base = `http://127.0.0.1:${await listen(harness.app)}`;
    context = await browser.newContext();
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  });
  afterEach(async () => {
    await context.close();
    await harness.close();
  });

  const run = (call: Call) => harness.interlock.run(agent, call);
  const enter = (key: string) => page.goto(`${base}/#key=${key}`);
  const row = (decision: string) => page.locator(`#stream .row[data-decision="${decision}"]`);
  const isLive = () => page.locator('#state[data-state="on"]').waitFor();

  test('takes the key out of the address at once, and keeps it for this tab only', async () => {
    await enter(KEYS.admin);
    await isLive();
    expect(page.url()).toBe(`${base}/`);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    await page.reload();
    await isLive();
    const other = await context.newPage();
    await other.goto(base);
    await other.locator('#enter').waitFor();
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.locator('#enter').waitFor();
    expect(await page.evaluate("sessionStorage.getItem('interlock-key')")).toBeNull();
  });

  test('takes a pasted key, and says when it is refused', async () => {
    await page.goto(base);
    await page.getByLabel('API key').fill('wrong');
    await page.keyboard.press('Enter');
    await page.locator('#enter-problem', { hasText: 'The credential is missing, unknown or expired.' }).waitFor();
    await page.getByLabel('API key').fill(KEYS.admin);
    await page.getByRole('button', { name: 'Connect' }).click();
    await isLive();
  });

  test('shows each decision as it falls, with its reason in plain words and its outcome', async () => {
    await enter(KEYS.admin);
    await isLive();
    await run(READ);
    await run(LEAK);
    await row('deny').getByText('Nothing is sent to evil.example.').waitFor();
    await row('allow').getByText('done').waitFor();
    expect(await row('deny').locator('.badge').textContent()).toContain('Denied');
    expect(await row('deny').locator('.what').textContent()).toBe('planner notes.note.send');
    expect(await page.locator('#stream-log').getAttribute('aria-live')).toBe('polite');
    await row('deny').locator('summary').press('Enter');
    await row('deny').getByText('x@evil.example').waitFor();
    await row('deny').getByText('policies.cedar').waitFor();
  });

  test('shows what happened before it was opened', async () => {
    await run(LEAK);
    await enter(KEYS.admin);
    await row('deny').getByText('Nothing is sent to evil.example.').waitFor();
  });

  test('shows the workflow so far: mandate, agents, what was touched', async () => {
    await run(READ);
    await enter(KEYS.admin);
    const workflow = page.locator('#workflow');
    await workflow.getByText('Onboard Bob.').waitFor();
    await workflow.locator('.agents').getByText('helper').waitFor();
    await workflow.getByRole('img', { name: 'planner, notes: 1, 0 denied' }).waitFor();
    await run(LEAK);
    await workflow.getByRole('img', { name: 'planner, notes: 2, 1 denied' }).waitFor();
  });

  test.each([
    ['Approve', 'completed', 'Bob is the right one.'],
    ['Deny', 'denied', 'Bob has left.'],
  ])('lets a person %s what waits, with a reason, and the action goes on', async (button, state, reason) => {
    await enter(KEYS.admin);
    await isLive();
    const { id } = await run(SEND);
    const card = page.locator('.card');
    await card.getByText('bob@example.com').waitFor();
    await card.getByText('What is sent outside needs a manager.').waitFor();
    expect(await card.textContent()).toContain('planner asks, on behalf of alice');
    expect(await card.locator('.countdown').textContent()).toMatch(/^(29:\d\d|30:00)$/);
    await page.waitForFunction("document.title === '(1) Interlock'");
    await card.getByRole('button', { name: button }).click();
    expect(await harness.interlock.action(agent, id)).toMatchObject({ state: 'held' });
    await card.getByLabel('Your reason').fill(reason);
    await card.getByRole('button', { name: button }).click();
    await card.getByText(/You (approved|denied) it\./).waitFor();
    expect(await harness.interlock.action(agent, id, 10_000)).toMatchObject({ state });
    const [approval] = await harness.interlock.approvals(harness.admin, { all: true });
    expect(approval?.answer).toMatchObject({ by: 'root', reason });
  });

  test('keeps what was typed while other things happen, and shows why an answer was refused', async () => {
    await enter(KEYS.admin);
    await isLive();
    const { approval } = await run({ ...SEND, id: 'first' });
    await page.locator('.card').getByLabel('Your reason').fill('half a sen');
    await run({ ...SEND, id: 'second' });
    await page.locator('.card').nth(1).waitFor();
    const first = page.locator('.card').first();
    expect(await first.getByLabel('Your reason').inputValue()).toBe('half a sen');
    await harness.interlock.freeze(harness.admin, harness.workflow, true, 'an incident');
    await page.locator('.frozen').waitFor();
    await page.route('**/v1/approvals/*', (route) => route.continue({ url: `${base}/v1/approvals/apr_gone` }));
    await first.getByRole('button', { name: 'Deny' }).click();
    await first.getByRole('alert').filter({ hasText: 'There is no such thing' }).waitFor();
    expect(approval?.ids).toHaveLength(1);
  });

  test('cannot be made to run, hide or disguise anything by what an agent sends', async () => {
    await enter(KEYS.admin);
    await isLive();
    const to = '<img src=x onerror="document.title=\'owned\'">b\u202Eob@ex\u0430mple.com';
    const padded = `ok${'\n'.repeat(100)}${'hidden '.repeat(200)}end`;
    await run({ operation: SEND.operation, input: { id: padded, to } });
    const card = page.locator('.card');
    await card.getByText('<img src=x').first().waitFor();
    expect(await card.locator('img').count()).toBe(0);
    expect(await card.locator('.mark-char', { hasText: 'U+202E' }).count()).toBeGreaterThan(0);
    expect(await card.locator('.mark-char', { hasText: 'ex\u0430mple.com' }).count()).toBeGreaterThan(0);
    await card.getByRole('button', { name: 'Show all 1,505 characters in 101 lines' }).click();
    await card.locator('.text').getByText('end').waitFor();
    expect(await page.title()).toBe('(1) Interlock');
    expect(complaints).toEqual([]);
  });

  test('says what a key with fewer rights may not see, and shows the rest', async () => {
    await enter(KEYS.approver);
    await page.getByText('This key may not watch the stream').waitFor();
    await run(SEND);
    await page.reload();
    await page.locator('.card').getByText('bob@example.com').waitFor();
  });

  test('comes back by itself when the stream has ended', async () => {
    await enter(KEYS.admin);
    await isLive();
    await context.setOffline(true);
    harness.app.server.closeAllConnections();
    await page.locator('#state[data-state="wait"]').waitFor();
    await run(LEAK);
    await context.setOffline(false);
    await isLive();
    await row('deny').getByText('Nothing is sent to evil.example.').waitFor();
  });

  test('can be paused, filtered, and used with the keyboard alone', async () => {
    await enter(KEYS.admin);
    await isLive();
    await run(READ);
    await row('allow').waitFor();
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await run(LEAK);
    await page.getByRole('button', { name: 'Go on (1 new)' }).press('Enter');
    await row('deny').waitFor();
    await page.getByRole('button', { name: 'Only what was stopped' }).press('Space');
    expect(await row('allow').isVisible()).toBe(false);
    expect(await row('deny').isVisible()).toBe(true);
    await page.getByRole('searchbox').fill('no such thing');
    expect(await row('deny').isVisible()).toBe(false);
  });

  test.each(['light', 'dark'] as const)('meets WCAG 2.2 AA in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(base);
    await page.locator('#enter').waitFor();
    expect(await violations()).toEqual([]);
    for (const call of [READ, LEAK, SEND]) await run(call);
    await enter(KEYS.admin);
    await isLive();
    await page.locator('.card').waitFor();
    await row('deny').locator('summary').press('Enter');
    await row('deny').getByRole('heading', { name: 'Policies' }).waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  async function violations(): Promise<unknown[]> {
    await page.evaluate(AXE);
    const run = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })";
    const results = await page.evaluate<AxeResults>(run);
    return results.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  }
});

// `npm run picture`: the README's pictures, from a real run of the demo. The gateway of `interlock dev` runs in here; the
// live page is open in Chromium and the demo's script runs as its client, until it waits for the reader's answer.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readConfig } from '../src/runtime/config.ts';
import { type DevServer, startDev } from '../src/runtime/start-dev.ts';
import { launchBrowser } from '../test/surface/http/browser.ts';
import { terminalSvg } from './terminal-svg.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const VIEWPORT = { width: 1280, height: 920 };
/** Twice what a README's column shows, and not more: the file stays below 400 kB. */
const SCALE = 1.4;
const COLUMNS = 96;

const data = mkdtempSync(join(tmpdir(), 'interlock-picture-'));
const config = readConfig(join(root, 'interlock.yaml'));
const dev = await startDev({
  // The script is started below, once the page is there to see it from its beginning.
  config: { ...config, data, listen: { ...config.listen, port: 0 }, dev: { ...config.dev, companions: [] } },
  environment: process.env,
});
const browser = await launchBrowser();
try {
  mkdirSync(docs, { recursive: true });
  await takePictures(dev, browser);
} finally {
  await browser.close();
  await dev.close();
  rmSync(data, { recursive: true, force: true });
}

async function takePictures({ url, keys }: DevServer, browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: VIEWPORT, deviceScaleFactor: SCALE, colorScheme: 'light' });
  await page.goto(`${url}/#key=${keys.approver}`);
  await page.getByText('Live', { exact: true }).waitFor();
  const demo = spawn(process.execPath, [join(root, 'demo/onboarding.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], FORCE_COLOR: '1', INTERLOCK_URL: url, INTERLOCK_KEY: keys.runner },
  });
  try {
    const printed = await printedUntil(demo, '--reason agreed\n');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    // The page waits a moment for more events before it draws the workflow anew, and fonts and images settle.
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(docs, 'demo.png') });
    const text = `$ npm start\n${printed.trimEnd()}`;
    writeFileSync(join(docs, 'demo.svg'), terminalSvg(text, { title: 'interlock dev', columns: COLUMNS + 10 }));
  } finally {
    demo.kill();
  }
}

async function printedUntil({ stdout }: ChildProcess, last: string): Promise<string> {
  let printed = '';
  for await (const part of stdout?.setEncoding('utf8') ?? []) {
    printed += part;
    if (printed.includes(last)) return printed;
  }
  throw new Error(`the demo has ended without asking:\n${printed}`);
}

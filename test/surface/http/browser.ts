import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Nothing that Chromium does by itself: no updates, no background traffic, no first-run pages. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether the reader of these tests chose to do without a browser; says so. */
export function withoutBrowser(): boolean {
  const without = process.env['INTERLOCK_TEST_BROWSER'] === 'none';
  if (without) console.warn('INTERLOCK_TEST_BROWSER=none: the live page was not tested in a browser.');
  return without;
}

/** A Chromium with a profile of its own. Throws with a sentence that says how to get one. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install one (Debian: apt-get update && apt-get install -y chromium), ` +
        'name yours in CHROMIUM_PATH, or set INTERLOCK_TEST_BROWSER=none to do without.',
    );
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

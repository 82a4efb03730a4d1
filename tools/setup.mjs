// Runs on any Node, before the command that needs it: makes sure that what package-lock.json names is installed, Node 24
// included. With --tests it also makes sure that there is a browser for the tests of the live page.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');

if (!isInstalled()) {
  console.error('Setting up: installing what package-lock.json names, once. It takes about half a minute.');
  const isWindows = process.platform === 'win32';
  run(isWindows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: isWindows });
}
checkNode();
if (process.argv.includes('--tests')) checkBrowser();

/** Whether every package of the lock file that this platform needs is there, in its version. */
function isInstalled() {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const found = packagesIn(join(modules, '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    if (optional && found[path] === undefined) return true; // for another platform
    return found[path]?.version === version && existsSync(join(root, path));
  });
}

function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}

/** The Node that npm's scripts will find: the one that npm installed, else the machine's own. */
function checkNode() {
  const installed = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(installed)) return;
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= NODE_MAJOR) return;
  fail(
    `Interlock needs Node.js ${NODE_MAJOR}; this is ${process.versions.node}, and npm brought none for ` +
      `${process.platform}-${process.arch}. Install it from https://nodejs.org, then try again.`,
  );
}

function checkBrowser() {
  if (process.env.INTERLOCK_TEST_BROWSER === 'none') {
    console.error('INTERLOCK_TEST_BROWSER=none: the live page will not be tested in a browser.');
    return;
  }
  const browser = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (existsSync(browser)) return;
  const canInstall =
    process.env.CHROMIUM_PATH === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall) {
    fail(
      `The tests of the live page need Chromium, and there is none at ${browser}. Install it (Debian: ` +
        '`sudo apt-get install chromium`), or name yours in CHROMIUM_PATH (Chrome will do). ' +
        'INTERLOCK_TEST_BROWSER=none does without these tests.',
    );
  }
  console.error('Setting up: installing Chromium for the tests of the live page, once.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], { env });
  run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'chromium'], { env });
}

/** Runs quietly, and shows everything it said when it fails. */
function run(command, args, options) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return;
  fail([`${command} ${args.join(' ')} failed:`, error?.message, stdout, stderr].filter(Boolean).join('\n'));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

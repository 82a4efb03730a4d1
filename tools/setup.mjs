// Runs on any Node, before the command that needs it: makes sure that what package-lock.json names is installed, Node 24
// included. With --tests it also makes sure that there is what only tests need: a browser for the live page, nginx, Redis,
// PostgreSQL and OpenLDAP.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
if (process.argv.includes('--tests')) for (const program of testPrograms()) checkProgram(program);

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

/** What tests start and npm does not bring. */
function testPrograms() {
  const { CHROMIUM_PATH, NGINX_PATH, REDIS_SERVER_PATH, POSTGRES_PATH, SLAPD_PATH } = process.env;
  const { INTERLOCK_TEST_BROWSER, INTERLOCK_TEST_NGINX, INTERLOCK_TEST_REDIS, INTERLOCK_TEST_POSTGRES } = process.env;
  const withoutSlapd = { by: 'INTERLOCK_TEST_SLAPD', isSet: process.env.INTERLOCK_TEST_SLAPD === 'none' };
  return [
    {
      title: 'Chromium',
      about: 'the live page in a browser',
      path: CHROMIUM_PATH ?? '/usr/bin/chromium',
      named: { by: 'CHROMIUM_PATH', hint: ' (Chrome will do)', isSet: CHROMIUM_PATH !== undefined },
      without: { by: 'INTERLOCK_TEST_BROWSER', isSet: INTERLOCK_TEST_BROWSER === 'none' },
      debian: 'chromium',
    },
    {
      title: 'nginx',
      about: 'Interlock asked by nginx',
      path: NGINX_PATH ?? '/usr/sbin/nginx',
      named: { by: 'NGINX_PATH', hint: '', isSet: NGINX_PATH !== undefined },
      without: { by: 'INTERLOCK_TEST_NGINX', isSet: INTERLOCK_TEST_NGINX === 'none' },
      debian: 'nginx-light',
    },
    {
      title: 'Redis',
      about: 'several gateways and workers on one Redis',
      path: REDIS_SERVER_PATH ?? '/usr/bin/redis-server',
      named: { by: 'REDIS_SERVER_PATH', hint: '', isSet: REDIS_SERVER_PATH !== undefined },
      without: { by: 'INTERLOCK_TEST_REDIS', isSet: INTERLOCK_TEST_REDIS === 'none' },
      debian: 'redis-server',
    },
    {
      title: 'PostgreSQL',
      about: 'the ledger in PostgreSQL',
      path: join(POSTGRES_PATH ?? postgresFolder(), 'postgres'),
      named: {
        by: 'POSTGRES_PATH',
        hint: ' (the folder of `postgres` and `initdb`)',
        isSet: POSTGRES_PATH !== undefined,
      },
      without: { by: 'INTERLOCK_TEST_POSTGRES', isSet: INTERLOCK_TEST_POSTGRES === 'none' },
      debian: 'postgresql',
    },
    {
      title: 'OpenLDAP',
      about: 'the LDAP connector on a real directory',
      path: SLAPD_PATH ?? '/usr/sbin/slapd',
      named: { by: 'SLAPD_PATH', hint: '', isSet: SLAPD_PATH !== undefined },
      without: withoutSlapd,
      debian: 'slapd',
      // The package starts a directory of the machine's own, which nobody wants.
      service: 'slapd',
    },
    {
      title: 'ldapsearch',
      about: 'what the LDAP connector leaves in a real directory',
      path: '/usr/bin/ldapsearch',
      named: { by: 'PATH', hint: '', isSet: false },
      without: withoutSlapd,
      debian: 'ldap-utils',
    },
  ];
}

/** Of the newest server that Debian's packages have put down; they keep it out of the path. */
function postgresFolder() {
  const versions = '/usr/lib/postgresql';
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  return newest === undefined ? versions : join(versions, newest, 'bin');
}

/** Installs it where that is possible without asking, and says what to do where it is not. */
function checkProgram({ title, about, path, named, without, debian, service }) {
  if (without.isSet) {
    console.error(`${without.by}=none: ${about} will not be tested.`);
    return;
  }
  if (existsSync(path)) return;
  const canInstall = !named.isSet && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall) {
    fail(
      `The tests of ${about} need ${title}, and there is none at ${path}. Install it (Debian: ` +
        `\`sudo apt-get install ${debian}\`), or name yours in ${named.by}${named.hint}. ` +
        `${without.by}=none does without these tests.`,
    );
  }
  console.error(`Setting up: installing ${title} for the tests of ${about}, once.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['-qq', 'update'], { env });
  run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', debian], { env });
  if (service !== undefined && existsSync('/run/systemd/system')) run('systemctl', ['disable', '--now', service]);
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

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const PROGRAM = process.env['SLAPD_PATH'] ?? '/usr/sbin/slapd';
const SCHEMAS = '/etc/ldap/schema';
const MODULES = '/usr/lib/ldap';
const READY_MS = 20_000;
/** The server need not be root, so it is not. */
const NOBODY = 65_534;
const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Whether tests with a real OpenLDAP run here; `npm test` makes sure of it unless INTERLOCK_TEST_SLAPD=none. */
export const hasSlapd =
  process.env['INTERLOCK_TEST_SLAPD'] !== 'none' &&
  [PROGRAM, SCHEMAS, join(MODULES, 'auditlog.so'), '/usr/bin/ldapsearch'].every((path) => existsSync(path));
if (!hasSlapd) console.warn('There is no OpenLDAP here: the tests that need one are skipped.');

/** A test that is broken off leaves none behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface SlapdOptions {
  readonly suffix: string;
  /** Who may write everything. */
  readonly writer: string;
  /** Of the password policy that holds for everybody. */
  readonly policy: string;
  /** What it holds at first. */
  readonly ldif: string;
  /** PEM files with which it also speaks TLS. */
  readonly certificate?: { readonly file: string; readonly keyFile: string } | undefined;
}

/** A filled database, of which every server gets a copy of its own. */
export interface SlapdTemplate {
  start(): Promise<SlapdServer>;
  remove(): void;
}

export interface SlapdServer {
  readonly port: number;
  /** LDAP over TLS; the same as `port` where there is no certificate. */
  readonly tlsPort: number;
  /** What its own audit log has: one block of LDIF a change. */
  auditLog(): string;
  /** Stands still, with all its threads, when this resolves. */
  pause(): Promise<void>;
  /** Goes on. */
  resume(): void;
  /** Ends it and removes what it kept. */
  stop(): Promise<void>;
}

/** Fills a database, once; a server is there within a tenth of a second then. */
export function prepareSlapd(options: SlapdOptions): SlapdTemplate {
  const folder = newFolder('template');
  const ldif = join(folder, 'seed.ldif');
  writeFileSync(ldif, options.ldif);
  const config = writeConfig(folder, options);
  execFileSync(PROGRAM, ['-T', 'add', '-q', '-f', config, '-l', ldif], { cwd: folder, stdio: 'pipe', ...account });
  return {
    start: () => start(folder, options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function newFolder(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `interlock-slapd-${what}-`));
  mkdirSync(join(folder, 'data'));
  give(folder, join(folder, 'data'));
  return folder;
}

function give(...paths: readonly string[]): void {
  for (const path of paths) if (account.uid !== undefined) chownSync(path, account.uid, account.gid);
}

function writeConfig(folder: string, { suffix, writer, policy, certificate }: SlapdOptions): string {
  const lines = [
    ...['core', 'cosine', 'nis', 'inetorgperson'].map((name) => `include ${SCHEMAS}/${name}.schema`),
    `modulepath ${MODULES}`,
    ...['back_mdb', 'ppolicy', 'auditlog'].map((name) => `moduleload ${name}`),
    `pidfile ${folder}/slapd.pid`,
    'threads 2',
    ...tlsLines(folder, certificate),
    'database mdb',
    'maxsize 16777216',
    `suffix "${suffix}"`,
    `directory ${folder}/data`,
    'dbnosync',
    `access to attrs=userPassword by dn.exact="${writer}" write by anonymous auth by * none`,
    `access to * by dn.exact="${writer}" write by users read`,
    'overlay ppolicy',
    `ppolicy_default "${policy}"`,
    'overlay auditlog',
    `auditlog ${folder}/audit.ldif`,
  ];
  const file = join(folder, 'slapd.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  give(file);
  return file;
}

/** Of its own, which it can read whoever made them. */
function tlsLines(folder: string, certificate: SlapdOptions['certificate']): readonly string[] {
  if (certificate === undefined) return [];
  const [file, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  cpSync(certificate.file, file);
  cpSync(certificate.keyFile, keyFile);
  chmodSync(keyFile, 0o600);
  give(file, keyFile);
  return [`TLSCertificateFile ${file}`, `TLSCertificateKeyFile ${keyFile}`];
}

async function start(template: string, options: SlapdOptions): Promise<SlapdServer> {
  const folder = newFolder('server');
  const data = join(folder, 'data', 'data.mdb');
  cpSync(join(template, 'data', 'data.mdb'), data);
  give(data);
  const config = writeConfig(folder, options);
  const port = await freePort();
  const tlsPort = options.certificate === undefined ? port : await freePort();
  const urls = [`ldap://127.0.0.1:${port}`, ...(tlsPort === port ? [] : [`ldaps://127.0.0.1:${tlsPort}`])].join(' ');
  const child = spawn(PROGRAM, ['-d', '0', '-h', urls, '-f', config], { cwd: folder, stdio: 'ignore', ...account });
  running.add(child);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      running.delete(child);
      resolve();
    }),
  );
  await ready(port, child);
  const log = join(folder, 'audit.ldif');
  return {
    port,
    tlsPort,
    auditLog: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    pause: async () => {
      child.kill('SIGSTOP');
      while (!standsStill(child.pid ?? 0)) await pause(1);
    },
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Linux says of each thread what it does, after its name in brackets. */
function standsStill(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => / T [^)]*$/.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
}

async function ready(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (await answers(port)) return;
    if (child.exitCode !== null) throw new Error('slapd did not start');
    await pause(5);
  }
  child.kill('SIGKILL');
  throw new Error(`slapd did not answer on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

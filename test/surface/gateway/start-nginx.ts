import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { newDirectory } from '../../support/test-gateway.ts';
import { EXAMPLES, SECRETS } from './asked-interlock.ts';

export const NGINX = process.env['NGINX_PATH'] ?? '/usr/sbin/nginx';

/** Set where somebody has said that there is no nginx, and that the tests shall do without it. */
export const WITHOUT_NGINX = process.env['INTERLOCK_TEST_NGINX'] === 'none';

/** The real nginx with the file of the documentation; only its three addresses are other ones. It listens on a socket. */
export async function startNginx(ports: { readonly interlock: number; readonly api: number }): Promise<string> {
  if (!existsSync(NGINX)) throw new Error(`there is no nginx at ${NGINX}: see \`node tools/setup.mjs --tests\``);
  const directory = newDirectory();
  const socket = join(directory, 'nginx.sock');
  mkdirSync(join(directory, 'logs'), { recursive: true });
  writeFileSync(join(directory, 'nginx.conf'), configuration({ ...ports, socket }));
  writeFileSync(
    join(directory, 'interlock-secret.conf'),
    `proxy_set_header X-Interlock-Gateway-Secret "${SECRETS.EDGE_SECRET}";\n`,
  );
  const child = spawn(NGINX, ['-p', directory, '-c', 'nginx.conf', '-g', 'daemon off;'], { stdio: 'ignore' });
  onTestFinished(() => ended(child));
  await listens(socket, child);
  return socket;
}

function configuration(at: { readonly interlock: number; readonly api: number; readonly socket: string }): string {
  const places = {
    'server 127.0.0.1:4000': `server 127.0.0.1:${at.interlock}`,
    'server 127.0.0.1:9000': `server 127.0.0.1:${at.api}`,
    'listen 127.0.0.1:8080': `listen unix:${at.socket}`,
  };
  return Object.entries(places).reduce(
    (text, [place, other]) => {
      if (text.split(place).length !== 2) throw new Error(`${place} does not stand once in nginx.conf`);
      return text.replace(place, other);
    },
    readFileSync(join(EXAMPLES, 'nginx.conf'), 'utf8'),
  );
}

/** Tries until somebody answers, or nginx has ended. */
async function listens(place: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(place, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isThere) return;
  }
  throw new Error(`nginx ended with ${child.exitCode}`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

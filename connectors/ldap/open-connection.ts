import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';
import { guardedLookup, mayConnect } from '../../src/connector/http/guarded-lookup.ts';
import type { Codec } from './codec.ts';
import { Connection, type Exchanged } from './connection.ts';
import { type CodeFailure, failureOfCode } from './failure-of.ts';
import type { LdapSettings } from './settings.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** How the server is known: undefined speaks plainly. */
  readonly tls: ConnectionOptions | undefined;
  readonly startTls: boolean;
}

/** Where the directory is, from the settings alone. Throws what reading the file of certificates throws. */
export async function placeOf(settings: LdapSettings, baseDirectory: string): Promise<Place> {
  const { protocol, hostname, port } = new URL(settings.url);
  const isSecure = protocol === 'ldaps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const file = settings.certificateAuthority;
  const ca = file === undefined ? {} : { ca: await readFile(resolve(baseDirectory, file), 'utf8') };
  const tls = { ...ca, minVersion: 'TLSv1.2', ...(isIP(host) === 0 ? { servername: host } : {}) } as const;
  return {
    host,
    port: port === '' ? (isSecure ? 636 : 389) : Number(port),
    tls: isSecure || settings.startTls ? tls : undefined,
    startTls: settings.startTls,
  };
}

export interface Opening {
  readonly codec: Codec;
  readonly place: Place;
  readonly bindDn: string;
  readonly password: string;
  readonly signal: AbortSignal;
}

/** A connection on which somebody is known, or why there is none. Nothing was asked of the directory. */
export async function openConnection(opening: Opening): Promise<Connection | CodeFailure> {
  const { codec, place, bindDn, password, signal } = opening;
  const socket = await connected(place, signal);
  if (socket === undefined) return { class: 'unavailable', detail: 'The directory cannot be reached.' };
  const connection = new Connection(codec, socket);
  const failure =
    (place.startTls ? await startTls(connection, opening) : undefined) ??
    meaningOf(await connection.send({ kind: 'bind', dn: bindDn, password }, signal));
  if (failure === undefined) return connection;
  connection.close();
  return failure;
}

/** The address is checked where the socket is opened to it, so that a name cannot mean another one a moment later. */
function connected({ host, port, tls, startTls }: Place, signal: AbortSignal): Promise<Socket | undefined> {
  if (signal.aborted || (isIP(host) !== 0 && !mayConnect(host, host))) return Promise.resolve(undefined);
  const options = { host, port, lookup: guardedLookup() };
  if (tls === undefined || startTls) return ready(connect(options), { event: 'connect', signal });
  return ready(connectSecurely({ ...tls, ...options }), { event: 'secureConnect', signal });
}

function ready<S extends Socket>(
  socket: S,
  { event, signal }: { readonly event: 'connect' | 'secureConnect'; readonly signal: AbortSignal },
): Promise<S | undefined> {
  return new Promise((resolve) => {
    const fail = () => done(undefined);
    const done = (opened: S | undefined) => {
      signal.removeEventListener('abort', fail);
      socket.off('error', fail);
      if (opened === undefined) socket.on('error', () => undefined).destroy();
      resolve(opened);
    };
    signal.addEventListener('abort', fail, { once: true });
    socket.once('error', fail);
    socket.once(event, () => done(socket));
  });
}

/** RFC 4511 §4.14: nothing is said in plain text but the wish to encrypt. */
async function startTls(connection: Connection, { place, signal }: Opening): Promise<CodeFailure | undefined> {
  const refusal = meaningOf(await connection.send({ kind: 'start-tls' }, signal));
  if (refusal !== undefined) return refusal;
  const plain = connection.idleSocket;
  if (plain === undefined)
    return { class: 'unavailable', detail: 'The directory said more than it was asked before TLS.' };
  plain.removeAllListeners('data');
  // Without the host its certificate would have to be one of `localhost`.
  const secure = await ready(connectSecurely({ ...place.tls, host: place.host, socket: plain }), {
    event: 'secureConnect',
    signal,
  });
  if (secure === undefined)
    return { class: 'unavailable', detail: 'The directory is not who its certificate should say.' };
  connection.upgrade(secure);
  return undefined;
}

/** Nothing has been asked for yet, so whatever goes wrong here has had no effect. */
function meaningOf(exchanged: Exchanged): CodeFailure | undefined {
  if (exchanged.kind !== 'reply') return { class: 'unavailable', detail: 'The directory ended the connection.' };
  const { code, message } = exchanged.reply;
  const failure = failureOfCode(code, message);
  if (failure === undefined) return undefined;
  return failure.class === 'ambiguous' ? { ...failure, class: 'unavailable' } : failure;
}

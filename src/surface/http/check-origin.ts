import type { IncomingHttpHeaders } from 'node:http';
import { InterlockError } from '../../lib/errors.ts';

export interface AllowedOrigins {
  /** Values of the Host header: `name:port`, or `name` for any port. IPv6 addresses in brackets. */
  readonly allowedHosts: readonly string[];
  /** Origins of other sites' pages that may call, as `https://console.example`. The server's own pages always may. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Refuses requests that a page of another site made a browser send, by its own name (Origin) or under a name that now
 * resolves to this server (Host, DNS rebinding). Throws ORIGIN_REFUSED.
 */
export function originCheck({ allowedHosts, allowedOrigins }: AllowedOrigins): (headers: IncomingHttpHeaders) => void {
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  return ({ host: sent, origin: sentOrigin }) => {
    const host = (sent ?? '').toLowerCase();
    if (!hosts.has(host) && !hosts.has(host.replace(/:[0-9]{1,5}$/, ''))) {
      throw new InterlockError('ORIGIN_REFUSED', 'the Host header names another server');
    }
    const origin = sentOrigin?.toLowerCase();
    if (origin === undefined || origins.has(origin)) return;
    if (origin === `http://${host}` || origin === `https://${host}`) return;
    throw new InterlockError('ORIGIN_REFUSED', 'pages of this origin may not call');
  };
}

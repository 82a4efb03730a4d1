import type { Effect, EffectKind } from '../../src/action/effect.ts';
import { ALL_TRAFFIC, change } from './effects.ts';

/**
 * What the bundled plugins do [doc: Plugin Hub]. One that is not named here, so every custom one, is Lua that somebody
 * wrote: it can do anything.
 */
const PURPOSES: Readonly<Record<string, Purpose>> = {
  'key-auth': 'guards',
  'basic-auth': 'guards',
  'hmac-auth': 'guards',
  'ldap-auth': 'guards',
  jwt: 'guards',
  oauth2: 'guards',
  session: 'guards',
  acl: 'guards',
  'ip-restriction': 'guards',
  'bot-detection': 'guards',
  'rate-limiting': 'limits',
  'response-ratelimiting': 'limits',
  'request-size-limiting': 'limits',
  'request-termination': 'limits',
  'proxy-cache': 'limits',
  'correlation-id': 'limits',
  'http-log': 'sends',
  'tcp-log': 'sends',
  'udp-log': 'sends',
  'file-log': 'sends',
  syslog: 'sends',
  loggly: 'sends',
  datadog: 'sends',
  statsd: 'sends',
  zipkin: 'sends',
  opentelemetry: 'sends',
};

/** `guards`: who gets in. `limits`: how much. `sends`: hands traffic on. `runs`: code. */
type Purpose = 'guards' | 'limits' | 'sends' | 'runs';

export function purposeOf(plugin: string): Purpose {
  return Object.hasOwn(PURPOSES, plugin) ? (PURPOSES[plugin] ?? 'runs') : 'runs';
}

const KINDS: Readonly<Record<Purpose, EffectKind>> = {
  guards: 'privilege',
  limits: 'update',
  sends: 'communicate',
  runs: 'execute',
};

export const PLUGIN_KINDS = ['update', 'privilege', 'communicate', 'execute'] as const;

interface Placed {
  readonly plugin: string;
  /** It is for one service or route; else for everything that goes through the gateway. */
  readonly scoped: boolean;
  readonly reversible: Effect['reversible'];
}

/** Of adding or changing a plugin; removing one that guards opens what it guarded. */
export function pluginEffect({ plugin, scoped, reversible }: Placed): Effect {
  const purpose = purposeOf(plugin);
  const external = purpose === 'sends' || purpose === 'runs';
  return change(KINDS[purpose], { reversible, external, count: scoped ? 1 : ALL_TRAFFIC });
}

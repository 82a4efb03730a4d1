import type { JsonObject } from '../../../src/lib/json.ts';

export const SIMULATED_TOKEN = 'xoxb-simulated';

export const SEED = {
  general: 'C0GENERAL1',
  closed: 'C0CLOSED01',
  bot: 'U0INTERLOCK',
  ada: 'U0ADA00001',
  grace: 'U0GRACE001',
  mallory: 'U0MALLORY1',
  support: 'S0SUPPORT1',
  file: 'F0REPORT01',
  team: 'T0ACME0001',
  said: '1767225600.000100',
} as const;

interface Channel {
  about: JsonObject;
  readonly members: Set<string>;
  readonly messages: JsonObject[];
}

export interface Workspace {
  readonly channels: Map<string, Channel>;
  readonly users: Map<string, JsonObject>;
  readonly usergroups: Map<string, readonly string[]>;
  readonly files: Set<string>;
  /** Who was signed out. */
  readonly signedOut: Set<string>;
  said: number;
}

export function seedWorkspace(): Workspace {
  const { general, closed, bot, ada, grace, mallory } = SEED;
  const user = (id: string, name: string): [string, JsonObject] => [
    id,
    { id, name, real_name: name, deleted: false, is_admin: false, is_owner: false, is_restricted: false },
  ];
  const channel = (id: string, name: string, isArchived: boolean): [string, Channel] => [
    id,
    {
      about: { id, name, is_archived: isArchived, is_private: false, is_ext_shared: false },
      members: new Set([bot, ada]),
      messages: [{ ts: SEED.said, user: bot, text: 'Hello.' }],
    },
  ];
  return {
    channels: new Map([channel(general, 'general', false), channel(closed, 'closed', true)]),
    users: new Map([user(bot, 'interlock'), user(ada, 'ada'), user(grace, 'grace'), user(mallory, 'mallory')]),
    usergroups: new Map([[SEED.support, [ada]]]),
    files: new Set([SEED.file]),
    signedOut: new Set(),
    said: 0,
  };
}

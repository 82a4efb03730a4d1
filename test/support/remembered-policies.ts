import type { PolicySetCache } from '../../src/policy/sets/policy-set-cache.ts';

const remembered = new Map<string, string>();

/** Policies that many gateways of one test file have in common are checked once. */
export const rememberedPolicies: PolicySetCache = {
  versions: [],
  read: (key) => remembered.get(key),
  write: async (key, text) => {
    remembered.set(key, text);
  },
};

import type { Simulate } from '../../../src/connector/contract.ts';
import { basicValue } from '../../../src/connector/http/authentication/basic-authentication.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { accessRoutes } from './access-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { NOT_FOUND, refuse } from './route.ts';
import { SIMULATED, seedSite } from './seed.ts';

const ROUTES = [...issueRoutes, ...accessRoutes];
const BASE = '/rest/api/3';

/** A simulated site. No answer of it is a fact about Jira but where a mark says so. */
export const simulateJira: Simulate = (options) => {
  const site = seedSite();
  return createSimulator({
    options,
    settings: (origin) => ({ origin, ...SIMULATED }),
    handle: ({ method, path, headers, query, body }, world) => {
      if (headers['authorization'] !== basicValue(SIMULATED.email, SIMULATED.token))
        return refuse(401, 'Client must be authenticated to access this resource.');
      const below = path.startsWith(BASE) ? path.slice(BASE.length) : '';
      if (below === '/myself') return { status: 200, body: {} };
      for (const route of ROUTES) {
        const found = route.method === method ? route.pattern.exec(below) : null;
        if (found === null) continue;
        const params = found.slice(1).map(decodeURIComponent);
        return route.handle({ site, world, query, body: isJsonObject(body) ? body : {}, params });
      }
      return NOT_FOUND;
    },
    refusal: (status) => refuse(status, 'injected'),
  });
};

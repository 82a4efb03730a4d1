import { z } from 'zod';
import type { JsonObject } from '../../../lib/json.ts';
import { openApi } from '../openapi.ts';
import { publicRoute, type Route } from '../route.ts';
import { actionRoutes } from './action-routes.ts';
import { approvalRoutes } from './approval-routes.ts';
import { containmentRoutes } from './containment-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { publicRoutes } from './public-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** The whole HTTP API, the description of itself included. */
export const ALL_ROUTES: readonly Route[] = [
  ...workflowRoutes,
  ...containmentRoutes,
  ...actionRoutes,
  ...approvalRoutes,
  ...liveRoutes,
  ...publicRoutes,
  publicRoute({
    method: 'GET',
    path: '/openapi.json',
    name: 'describeApi',
    summary: 'This description.',
    status: 200,
    answer: z.looseObject({ openapi: z.string() }).meta({ title: 'Description' }),
    handle: () => {
      description ??= openApi(ALL_ROUTES);
      return description;
    },
  }),
];

/** Made when somebody first asks: most processes are never asked, and all of them start. */
let description: JsonObject | undefined;

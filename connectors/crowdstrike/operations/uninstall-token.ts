import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change, FLEET } from '../effects.ts';
import { resourceOf } from '../envelope.ts';
import { ONCE, sdk } from '../evidence.ts';
import { deviceId } from '../ids.ts';
import { COLLECTION, refs } from '../resources.ts';

const MAINTENANCE = 'MAINTENANCE';

const revealToken = writeOperation({
  name: 'crowdstrike.uninstall-token.reveal',
  description:
    'Shows the token with which a host’s sensor can be removed; for the device MAINTENANCE, the one of every host in bulk. It reads a secret, and whoever has seen it cannot forget it.',
  input: z.strictObject({
    deviceId: z.union([deviceId, z.literal(MAINTENANCE)]),
    auditMessage: z.string().min(1).max(500),
  }),
  output: z.object({ device_id: z.string(), uninstall_token: z.string() }),
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ deviceId }) => refs('CrowdStrike::Device', [deviceId === MAINTENANCE ? COLLECTION : deviceId]),
  labels: () => ['secret', 'security'],
  provenance: { arguments: { deviceId: 'target', auditMessage: 'content' } },
  effect: ({ deviceId }) => change('privilege', 'no', { count: deviceId === MAINTENANCE ? FLEET : 1 }),
  effectKinds: ['privilege'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ deviceId, auditMessage }) => ({
      method: 'POST',
      path: '/policy/combined/reveal-uninstall-token/v1',
      body: { device_id: deviceId, audit_message: auditMessage },
    }),
    repeatable: false,
    result: (reply) => resourceOf(reply, z.object({ device_id: z.string(), uninstall_token: z.string() })),
  }),
  undo: { none: 'A secret that was shown stays known.' },
  evidence: [
    sdk('POST /policy/combined/reveal-uninstall-token/v1 (revealUninstallToken): "MAINTENANCE" for the bulk token'),
  ],
});

export const uninstallTokenOperations = [revealToken] as const;

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import type { GatewayOptions } from '../../src/runtime/start-gateway.ts';
import { OPERATIONS, ticketsConnector } from '../gate/reference-connector.ts';
import { REFERENCE_POLICIES } from '../gate/reference-policies.ts';

export const COLD_POLICIES = 1_000;
const FILE = 'policies.cedar';

/** The reference policies, and others of the same kind up to a thousand; five match the reference action. */
export function writeColdPolicies(directory: string): void {
  const reference = REFERENCE_POLICIES.match(/^@id/gm)?.length ?? 0;
  const others = Array.from({ length: COLD_POLICIES - reference }, (_, at) => {
    const operation = OPERATIONS[1 + (at % (OPERATIONS.length - 1))];
    return `@id("more-${at}") @title("What touches very many people is changed by people.")
forbid (principal, action == Action::"${operation}", resource)
when { context.input.affected.environment == "environment-${at}" && context.input.affected.users > ${at} };`;
  });
  writeFileSync(join(directory, FILE), [REFERENCE_POLICIES, ...others].join('\n'));
}

/** A gateway as it runs for real: durable, its log and its kept policies in the folder. */
export function coldOptions(directory: string): GatewayOptions {
  return {
    config: parseConfig({ data: 'data', policies: [FILE] }, { file: 'bench', baseDirectory: directory }),
    connectors: [{ system: 'tickets', connector: ticketsConnector, settings: {} }],
    logger: createLogger('info'),
  };
}

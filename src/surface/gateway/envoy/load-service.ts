import { join } from 'node:path';
import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const NAME = 'envoy.service.auth.v3.Authorization';

/** Envoy's authorization service, as its published description numbers its fields; see the file beside this one. */
export function loadAuthorizationService(): ServiceDefinition {
  const definition = loadSync(join(import.meta.dirname, 'external_auth.proto'), {
    keepCase: true,
    defaults: true,
  });
  loadPackageDefinition(definition);
  const service = definition[NAME];
  if (service === undefined || 'format' in service) throw new Error(`${NAME} is not in its description`);
  return service as ServiceDefinition; // what is no message or enum there is a service
}

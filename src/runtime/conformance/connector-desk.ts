import { descriptorOf } from '../../connector/conformance/descriptor.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ConnectorWork } from '../../surface/cli/connector-work.ts';
import { checkConnector } from './check-connector.ts';
import { findSubject } from './find-subject.ts';

export async function testConnector(directory: string, connector: string): ReturnType<ConnectorWork['testConnector']> {
  return checkConnector(await findSubject(connector, { baseDirectory: directory }));
}

export async function describeConnector(directory: string, connector: string): Promise<JsonObject> {
  return JSON.parse(
    JSON.stringify(descriptorOf(await findSubject(connector, { baseDirectory: directory, compares: false }))),
  );
}

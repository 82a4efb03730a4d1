import { afterAll } from 'vitest';
import fixtures from '../../../connectors/ldap/conformance.ts';
import ldap from '../../../connectors/ldap/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';
import { hasSlapd } from '../../support/slapd-server.ts';
import { prepareDirectory, simulateSlapd } from './real-directory.ts';

await describeConnector(ldap, fixtures);

if (hasSlapd) {
  const template = prepareDirectory();
  afterAll(() => template.remove());
  const simulate = simulateSlapd(template);
  await describeConnector({ ...ldap, title: 'A real OpenLDAP server', simulate }, fixtures);
}

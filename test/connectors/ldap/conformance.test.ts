import fixtures from '../../../connectors/ldap/conformance.ts';
import ldap from '../../../connectors/ldap/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(ldap, fixtures);

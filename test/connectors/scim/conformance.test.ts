import fixtures from '../../../connectors/scim/conformance.ts';
import scim from '../../../connectors/scim/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(scim, fixtures);

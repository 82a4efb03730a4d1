import fixtures from '../../../connectors/okta/conformance.ts';
import okta from '../../../connectors/okta/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(okta, fixtures);

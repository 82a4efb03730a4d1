import fixtures from '../../../connectors/servicenow/conformance.ts';
import servicenow from '../../../connectors/servicenow/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(servicenow, fixtures);

import fixtures from '../../../connectors/unity-catalog/conformance.ts';
import unityCatalog from '../../../connectors/unity-catalog/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(unityCatalog, fixtures);

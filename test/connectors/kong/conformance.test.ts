import fixtures from '../../../connectors/kong/conformance.ts';
import kong from '../../../connectors/kong/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(kong, fixtures);

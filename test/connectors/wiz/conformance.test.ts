import fixtures from '../../../connectors/wiz/conformance.ts';
import wiz from '../../../connectors/wiz/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(wiz, fixtures);

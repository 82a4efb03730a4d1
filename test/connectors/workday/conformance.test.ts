import fixtures from '../../../connectors/workday/conformance.ts';
import workday from '../../../connectors/workday/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(workday, fixtures);

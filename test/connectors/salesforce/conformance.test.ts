import fixtures from '../../../connectors/salesforce/conformance.ts';
import salesforce from '../../../connectors/salesforce/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(salesforce, fixtures);

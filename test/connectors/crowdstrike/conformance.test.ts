import fixtures from '../../../connectors/crowdstrike/conformance.ts';
import crowdstrike from '../../../connectors/crowdstrike/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(crowdstrike, fixtures);

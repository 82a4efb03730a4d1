import fixtures from '../../../connectors/jira/conformance.ts';
import jira from '../../../connectors/jira/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(jira, fixtures);

import fixtures from '../../../connectors/slack/conformance.ts';
import slack from '../../../connectors/slack/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(slack, fixtures);

import fixtures from '../../../connectors/talkdesk/conformance.ts';
import talkdesk from '../../../connectors/talkdesk/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(talkdesk, fixtures);

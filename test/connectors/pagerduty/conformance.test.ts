import fixtures from '../../../connectors/pagerduty/conformance.ts';
import connector from '../../../connectors/pagerduty/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/index.ts';

await describeConnector(connector, fixtures, {
  directory: new URL('../../../connectors/pagerduty', import.meta.url).pathname,
});

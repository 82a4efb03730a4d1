import fixtures from '../../../connectors/github/conformance.ts';
import github from '../../../connectors/github/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(github, fixtures);

import fixtures from '../../../connectors/entra/conformance.ts';
import entra from '../../../connectors/entra/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(entra, fixtures);

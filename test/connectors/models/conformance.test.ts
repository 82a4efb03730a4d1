import fixtures from '../../../connectors/models/conformance.ts';
import models from '../../../connectors/models/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(models, fixtures);

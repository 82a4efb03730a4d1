import fixtures from '../../../connectors/sql/conformance.ts';
import sql from '../../../connectors/sql/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

await describeConnector(sql, fixtures);

import openapi from '../../../connectors/openapi/index.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';
import { taskFixtures } from './task-fixtures.ts';

await describeConnector(openapi, taskFixtures);

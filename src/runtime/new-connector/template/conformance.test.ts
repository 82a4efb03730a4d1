import { describeConnector } from '../../conformance/index.ts';
import fixtures from './conformance.ts';
import connector from './index.ts';

await describeConnector(connector, fixtures, { directory: import.meta.dirname });

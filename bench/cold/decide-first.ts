/** Starts a gateway on a folder that is prepared, decides one action in its workflow, says so, and ends in order. */
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { mustBeAllowed, REFERENCE_CALL } from '../gate/reference-gateway.ts';
import { coldOptions } from './cold-options.ts';

const [, , directory = '', token = ''] = process.argv;
const { interlock } = await startGateway(coldOptions(directory));
// The token names a session: to know whose it is, the workflow is read from the log and folded to its view.
const before = performance.now();
const agent = await interlock.authenticate(token);
const hydrationMs = performance.now() - before;
const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
process.send?.({ hydrationMs });
await interlock.settle(agent, id, { status: 'succeeded' });
await interlock.close();
process.disconnect();

/** Starts a gateway on a folder that is prepared, decides one action in its workflow, says so, and ends in order. */
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { mustBeAllowed, REFERENCE_CALL } from '../gate/reference-gateway.ts';
import { coldOptions } from './cold-options.ts';

const [, , directory = '', token = ''] = process.argv;
const { interlock } = await startGateway(coldOptions(directory));
const agent = await interlock.authenticate(token);
const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
process.send?.('decided');
await interlock.settle(agent, id, { status: 'succeeded' });
await interlock.close();
process.disconnect();

import type { Exchange } from './exchange.ts';

/** The wire, loaded when something is first sent: a process decides before it calls, and many never call. */
export function deferredExchange(): Exchange {
  let exchange: Promise<Exchange> | undefined;
  return async (request) => {
    exchange ??= import('./exchange.ts').then(({ createExchange }) => createExchange());
    return (await exchange)(request);
  };
}

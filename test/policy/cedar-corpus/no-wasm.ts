/** What asked for WebAssembly although there is none. */
export const attempts: string[] = [];

function refuse(name: string | symbol): never {
  attempts.push(`WebAssembly.${String(name)}`);
  throw new Error(`WebAssembly.${String(name)} in a process without WebAssembly`);
}

// From now on nothing of this process can have a WebAssembly module. To be imported before all else.
Object.defineProperty(globalThis, 'WebAssembly', { value: new Proxy({}, { get: (_none, name) => refuse(name) }) });

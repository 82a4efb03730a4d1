import { version } from '../version.ts';

/** The package.json of a new connector. It needs nothing but Interlock: zod comes with it, and Node has a test runner. */
export function packageOf(name: string): string {
  const content = {
    name: `interlock-connector-${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: './index.ts',
    scripts: { test: 'node --test conformance.test.ts' },
    peerDependencies: { interlock: `>=${version()}` },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

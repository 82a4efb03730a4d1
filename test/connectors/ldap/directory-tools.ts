import { spawnSync } from 'node:child_process';
import { BIND } from '../../../connectors/ldap/simulator/seed.ts';

/** OpenLDAP's own command-line tools: they know nothing of the connector. */
export interface DirectoryTools {
  /** What one entry holds, as `attribute: value`; operational attributes too. Undefined where there is no entry. */
  entry(dn: string): readonly string[] | undefined;
  /** Applies LDIF, as an administrator does. */
  modify(ldif: string): void;
  /** Whether somebody can sign in. */
  canSignIn(dn: string, password: string): boolean;
}

const NO_SUCH_OBJECT = 32;
const INVALID_CREDENTIALS = 49;

export function directoryTools(port: number): DirectoryTools {
  const url = `ldap://127.0.0.1:${port}`;
  const run = (program: string, args: readonly string[], { dn, password }: typeof BIND = BIND, input = '') => {
    const all = ['-x', '-H', url, '-D', dn, '-w', password, ...args];
    // Settings of this machine's own are not read.
    const env = { ...process.env, LDAPNOINIT: '1' };
    const { status, stdout, stderr } = spawnSync(program, all, { input, encoding: 'utf8', env });
    return { status, stdout, stderr };
  };
  return {
    entry(dn) {
      const { status, stdout, stderr } = run('ldapsearch', [
        '-LLL',
        '-o',
        'ldif-wrap=no',
        '-s',
        'base',
        '-b',
        dn,
        '*',
        '+',
      ]);
      if (status === NO_SUCH_OBJECT) return undefined;
      if (status !== 0) throw new Error(`ldapsearch: ${stderr}`);
      return stdout.split('\n').filter((line) => line !== '');
    },
    modify(ldif) {
      const { status, stderr } = run('ldapmodify', [], BIND, ldif);
      if (status !== 0) throw new Error(`ldapmodify: ${stderr}`);
    },
    canSignIn(dn, password) {
      const { status, stderr } = run('ldapwhoami', [], { dn, password });
      if (status !== 0 && status !== INVALID_CREDENTIALS) throw new Error(`ldapwhoami: ${stderr}`);
      return status === 0;
    },
  };
}

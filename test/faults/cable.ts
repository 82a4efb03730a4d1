import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

/** A network namespace of its own, joined to this one by a pair of virtual interfaces that can be taken down. */
export interface Cable {
  /** Of what runs at the far end. */
  readonly address: string;
  /** What a command begins with to run there. */
  readonly through: readonly string[];
  /** From now on packets vanish: nobody is told that a connection is gone. */
  cut(): void;
  mend(): void;
  remove(): void;
}

/** Why there can be no namespaces here; undefined where there can. */
export function whyNoCables(): string | undefined {
  try {
    layCable().remove();
    return undefined;
  } catch (thrown) {
    return `network namespaces need root and iproute2: ${thrown instanceof Error ? thrown.message.split('\n')[0] : thrown}`;
  }
}

/** Throws where the process may not, or `ip` is not there. */
export function layCable(): Cable {
  const number = randomInt(65_536);
  const name = `il${number.toString(16)}`;
  const [near, far] = [`${name}a`, `${name}b`];
  const network = `10.213.${number >> 8}`;
  const first = number & 0xff & ~3;
  const address = `${network}.${first + 2}`;
  ip('netns', 'add', name);
  const remove = (): void => ip('netns', 'del', name);
  try {
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name);
    ip('addr', 'add', `${network}.${first + 1}/30`, 'dev', near);
    ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', far);
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'link', 'set', far, 'up');
    ip('link', 'set', near, 'up');
  } catch (thrown) {
    remove();
    throw thrown;
  }
  return {
    address,
    through: ['ip', 'netns', 'exec', name],
    // The near end stays up, so that its side goes on sending, and hears nothing.
    cut: () => ip('-n', name, 'link', 'set', far, 'down'),
    mend: () => ip('-n', name, 'link', 'set', far, 'up'),
    remove,
  };
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

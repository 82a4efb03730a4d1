/**
 * A path in the one form in which it is compared: `/` as separator, no empty, `.` or resolvable `..` segments, composed
 * Unicode (NFC). `a/../b`, `./b` and `a//../b` are all `b`, so that no spelling slips past a rule.
 */
export function normalisePath(path: string): string {
  const text = path.normalize('NFC').replaceAll('\\', '/');
  const isAbsolute = text.startsWith('/');
  const out: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') out.push(segment);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!isAbsolute) out.push('..');
  }
  return (isAbsolute ? '/' : '') + out.join('/');
}

/** `~/x` and `c:/x` may be absolute for a server or not, so they count as relative too. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\');
}

/**
 * A glob over normalised paths: `**` stands for any number of segments, hidden ones included, `*` and `?` stay within
 * one; a pattern that ends in `/**` also means the folder itself. `anyCase` because many file systems hold letters of
 * either case to be the same.
 */
export function pathGlob(
  pattern: string,
  { anyCase }: { readonly anyCase: boolean },
): (normalisedPath: string) => boolean {
  const source = normalisePath(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\/\*\*$|^\*\*\/|\/\*\*\/|\*\*|\*|\?/g, (token) => GLOB_TOKENS[token] ?? token);
  const compiled = new RegExp(`^${source}$`, anyCase ? 'isu' : 'su');
  return (path) => compiled.test(path);
}

const GLOB_TOKENS: Readonly<Record<string, string>> = {
  '/**': '(?:/.*)?',
  '**/': '(?:.*/)?',
  '/**/': '/(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

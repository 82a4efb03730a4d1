/** All of them, for a test that looks at them together. */
export async function linesOf<T>(lines: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

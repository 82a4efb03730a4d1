export interface BenchOptions {
  /** The folder whose disk is measured. Default: the system's own for temporary files. */
  readonly directory?: string | undefined;
  /** Everything once or twice only: proves that every row is produced, and measures nothing. */
  readonly quick?: boolean | undefined;
  /** Told what a reader of the figures must know: what was checked, and what is missing. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Told what happens meanwhile. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

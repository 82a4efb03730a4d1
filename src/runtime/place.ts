/** Where a command runs. */
export interface Place {
  /** Relative paths of the command line start here. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls back when the process is asked to read its policies again. */
  readonly onReload: (reload: () => unknown) => void;
}

declare module 'parse-prometheus-text-format' {
  interface Parsed {
    readonly value?: string;
    readonly count?: string;
    readonly sum?: string;
    readonly buckets?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  }
  /** Throws for text that is not the format. */
  export default function parsePrometheusTextFormat(text: string): readonly {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly Parsed[];
  }[];
}

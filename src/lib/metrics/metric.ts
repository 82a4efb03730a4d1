/** One family of samples as /metrics has it. Names begin with `interlock_`, values are in base units: seconds, characters. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Of a histogram's samples; `_bucket` ones are cumulative and have the label `le`. */
  readonly suffix?: '_bucket' | '_sum' | '_count' | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a metric is called, without its samples. */
export interface MetricName {
  readonly name: string;
  readonly help: string;
  /** Names of labels, whose values are a few known words: never an id, a person or anything that a caller chose. */
  readonly labels: readonly string[];
}

/** One sample of a metric without labels. */
export function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', samples: [{ labels: {}, value }] };
}

/** The package entry `interlock/conformance`: what a connector is tested with. */
export type { Check, CheckResult } from '../../connector/conformance/check.ts';
export type { ConformanceFixtures, ConformanceSample, RateLimitExample } from '../../connector/conformance/fixtures.ts';
export { openSubject, type Subject, type SubjectOptions } from '../../connector/conformance/subject.ts';
export { type ConformanceReport, checkConnector } from './check-connector.ts';
export { type DescribeConnectorOptions, describeConnector } from './describe-connector.ts';

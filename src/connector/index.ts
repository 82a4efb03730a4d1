/** The package entry `interlock/connector`: everything that a connector is written with. */
/** The same zod as the gateway's: a schema of another copy is not recognised. */
export { z } from 'zod';
export { type Effect, type EffectKind, WORST_EFFECT } from '../action/effect.ts';
export type { FactSubject, FactType, FactValue } from '../action/fact.ts';
export type { RequestShape, SeenRequest } from '../action/request-shape.ts';
export type { ResourceRef, ResourceType } from '../action/resource.ts';
export { type Clock, systemClock } from '../lib/clock.ts';
export { type ErrorCode, InterlockError } from '../lib/errors.ts';
export type { Json, JsonObject } from '../lib/json.ts';
export { type BatchDeclaration, batchOperation } from './batch-operation.ts';
export {
  CONFORMANCE_NOW_MS,
  type ConformanceCall,
  type ConformanceFixtures,
  type ConformanceSample,
  type EffectCase,
  type FactSample,
  type Judge,
  type RateLimitExample,
} from './conformance/fixtures.ts';
export type { Interference, OpenWire, Wire, WireCall, WireOptions, WireReply } from './conformance/wire.ts';
export * from './contract.ts';
export { basicAuthentication } from './http/authentication/basic-authentication.ts';
export {
  type ClientCredentials,
  clientCredentialsAuthentication,
} from './http/authentication/client-credentials-authentication.ts';
export { headerAuthentication } from './http/authentication/header-authentication.ts';
export {
  type JwtBearerCredentials,
  jwtBearerAuthentication,
} from './http/authentication/jwt-bearer-authentication.ts';
export {
  type PrivateKeyJwtCredentials,
  privateKeyJwtAuthentication,
} from './http/authentication/private-key-jwt-authentication.ts';
export {
  type RefreshTokenCredentials,
  refreshTokenAuthentication,
} from './http/authentication/refresh-token-authentication.ts';
export { type CreateHttpClientOptions, createHttpClient } from './http/create-http-client.ts';
export {
  errorListFailure,
  graphqlFailure,
  type InnerFailure,
  jsonRpcFailure,
  okFalseFailure,
} from './http/failure-inside-success.ts';
export type { HttpCall, HttpClient, HttpReply, HttpResult, SendOptions } from './http/http-client.ts';
export { type HttpExecution, httpExecution } from './http/http-execution.ts';
export { type HttpFact, httpFact } from './http/http-fact.ts';
export { nextPathPages, nextUrlPages } from './http/next-url-pages.ts';
export {
  cursorPages,
  fieldOfBody,
  graphqlPages,
  itemsAt,
  linkPages,
  numberedPages,
  offsetPages,
} from './http/page-dialects.ts';
export { path } from './http/path.ts';
export { type RateLimitDialect, retryAfterFrom } from './http/rate-limit-hint.ts';
export { type PageDialect, pagedExecution, type ReadPages, readPages } from './http/read-pages.ts';
export { createRedactor, type Redactor, redact } from './http/redact.ts';
export { absentDetail, statusClass } from './http/status-class.ts';
export { secretReference } from './secret-reference.ts';
export {
  createSimulator,
  type SimulatorDefinition,
  type SimulatorResponse,
  type SimulatorWorld,
} from './simulator/create-simulator.ts';
export { createSimulatedRateLimit, type SimulatedHint } from './simulator/rate-limit.ts';
export type { SimulatorRequest } from './simulator/read-simulator-request.ts';
export { seededRandom } from './simulator/seeded-random.ts';
export { createSimulatedTokenEndpoint, type SimulatedTokenEndpoint } from './simulator/token-endpoint.ts';

import type { Call } from '../../action/action.ts';
import type { RequestShape, SeenRequest } from '../../action/request-shape.ts';
import { InterlockError } from '../../lib/errors.ts';
import { readTarget } from './request-target.ts';

/** A request as an enforcement point reports it. */
export interface ReportedRequest {
  readonly method: string;
  /** Path and query as they came, undecoded. */
  readonly target: string;
  /** By lower-case name; one that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: SeenRequest['body'];
}

/** Headers by which some servers take a request for another one than its first line says. */
const OVERRIDES = [
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
  'upgrade',
];

/**
 * The operation that a request is, with its input. Throws REQUEST_AMBIGUOUS, UNKNOWN_OPERATION, and what
 * {@link RequestShape.inputOf} throws.
 */
export function findRequest(
  { shapes, pathPrefix }: { readonly shapes: readonly RequestShape[]; readonly pathPrefix: readonly string[] },
  request: ReportedRequest,
): Pick<Call, 'operation' | 'input'> {
  const override = OVERRIDES.find((name) => request.headers[name] !== undefined);
  if (override !== undefined)
    throw new InterlockError('REQUEST_AMBIGUOUS', `its header ${override} makes another request of it`);
  const { segments, query } = readTarget(request.target);
  if (pathPrefix.some((segment, index) => segments[index] !== segment)) throw unknown(request);
  const { shape, path } = bestMatch(shapes, request, segments.slice(pathPrefix.length));
  const { headers, body } = request;
  return { operation: shape.operation, input: shape.inputOf({ path, query, headers, body }) };
}

interface Match {
  readonly shape: RequestShape;
  readonly path: Readonly<Record<string, string>>;
  /** Per segment whether it is a word of the template: words go before variables (OpenAPI 3.0.3 §4.7.8). */
  readonly words: readonly boolean[];
}

function bestMatch(shapes: readonly RequestShape[], request: ReportedRequest, segments: readonly string[]): Match {
  const matches = shapes.flatMap((shape) => (shape.method === request.method ? matchOf(shape, segments) : []));
  const [best, ...others] = matches;
  if (best === undefined) throw unknown(request);
  const winner = others.reduce((left, right) => (isMoreConcrete(right, left) ? right : left), best);
  if (matches.some((match) => match !== winner && !isMoreConcrete(winner, match)))
    throw new InterlockError('REQUEST_AMBIGUOUS', 'its path fits two operations');
  return winner;
}

function matchOf(shape: RequestShape, segments: readonly string[]): readonly Match[] {
  if (shape.segments.length !== segments.length) return [];
  const path: Record<string, string> = {};
  const words: boolean[] = [];
  for (const [index, template] of shape.segments.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(.+)\}$/.exec(template)?.[1];
    words.push(name === undefined);
    if (name !== undefined) path[name] = segment;
    else if (template !== segment) return [];
  }
  return [{ shape, path, words }];
}

/** Whether `left` has a word wherever `right` has one, and one more. */
function isMoreConcrete(left: Match, right: Match): boolean {
  const covers = right.words.every((isWord, index) => !isWord || left.words[index] === true);
  return covers && left.words.some((isWord, index) => isWord && right.words[index] !== true);
}

function unknown({ method }: ReportedRequest): InterlockError {
  return new InterlockError('UNKNOWN_OPERATION', `no operation of the system is this ${method.slice(0, 20)}`);
}

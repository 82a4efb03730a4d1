import { z } from 'zod';
import { BOUNDS } from '../../lib/bounds.ts';

/** A refusal that came with a status of success. Which class it is, the connector says by its code. */
export interface InnerFailure {
  /** The system's own code; '' where it gives none. */
  readonly code: string;
  /** Code and words, bounded. */
  readonly detail: string;
  /** Whether a part of the answer is there beside the errors: then something may have happened. */
  readonly partial: boolean;
}

type InnerFailureReader = (body: unknown) => InnerFailure | undefined;

const code = z.union([z.string(), z.number()]).transform(String).catch('');
const words = z.string().catch('');
const coded = z.object({ code, message: words });

const okFalse = z.object({ ok: z.literal(false), error: words });
const errorList = z.object({
  errors: z.array(coded).min(1),
  resources: z.array(z.unknown()).nullish().catch(undefined),
});
const graphql = z.object({
  errors: z.array(z.object({ message: words, extensions: z.object({ code }).catch({ code: '' }) })).min(1),
  data: z.unknown(),
});
const rpcError = z.object({ error: coded });
const rpcResult = z.object({ result: z.object({ isError: z.literal(true), content: z.array(z.unknown()).catch([]) }) });

/** `{ ok: false, error: "channel_not_found" }`. */
export const okFalseFailure: InnerFailureReader = (body) => {
  const parsed = okFalse.safeParse(body);
  return parsed.success ? inner([{ code: parsed.data.error, message: '' }], false) : undefined;
};

/** `{ errors: [{ code, message }], resources }`, also where the status is 2xx; an empty list is none. */
export const errorListFailure: InnerFailureReader = (body) => {
  const parsed = errorList.safeParse(body);
  return parsed.success ? inner(parsed.data.errors, (parsed.data.resources ?? []).length > 0) : undefined;
};

/** GraphQL's `errors`; `partial` where some of `data` is there (GraphQL §7.1.2). */
export const graphqlFailure: InnerFailureReader = (body) => {
  const parsed = graphql.safeParse(body);
  if (!parsed.success) return undefined;
  const { errors, data } = parsed.data;
  return inner(
    errors.map(({ message, extensions }) => ({ code: extensions.code, message })),
    typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null),
  );
};

/** JSON-RPC's `error`, and a tool's result with `isError`. The tool may have begun: that one is partial. */
export const jsonRpcFailure: InnerFailureReader = (body) => {
  const error = rpcError.safeParse(body);
  if (error.success) return inner([error.data.error], false);
  return rpcResult.safeParse(body).success ? inner([{ code: 'isError', message: '' }], true) : undefined;
};

function inner(errors: readonly { readonly code: string; readonly message: string }[], partial: boolean): InnerFailure {
  const detail = errors.map((error) => [error.code, error.message].filter((text) => text !== '').join(': ')).join('; ');
  return { code: errors[0]?.code ?? '', detail: detail.slice(0, BOUNDS.detailCharacters), partial };
}

import { join } from 'node:path';
import { EntityRef } from '../../../src/action/policy-port.ts';
import { parseExactJson } from '../../../src/policy/exact-json.ts';
import { readTar } from './read-tar.ts';

export type Part = 'generated' | 'handwritten' | 'use cases';

/** What Cedar's own runner expects; a use case says nothing but its decision. */
export interface Expected {
  readonly decision: 'allow' | 'deny';
  readonly reason?: readonly string[];
  readonly errors?: readonly string[];
}

export interface CorpusRequest {
  readonly name: string;
  readonly principal: EntityRef;
  readonly action: EntityRef;
  readonly resource: EntityRef;
  /** In Cedar's JSON, as are the entities. */
  readonly context: unknown;
  readonly expected: Expected;
}

export interface Link {
  /** The `@id` of the template. */
  readonly template: string;
  readonly id: string;
  readonly slots: Readonly<Record<string, EntityRef>>;
}

export interface CorpusCase {
  readonly part: Part;
  readonly name: string;
  /** Policies in Cedar's language. */
  readonly policies: string;
  /** Policies are named by their `@id`, as Cedar's command line does; otherwise `policy0`, `policy1` as they stand in the text. */
  readonly namedByAnnotation: boolean;
  readonly links: readonly Link[];
  readonly schema: string;
  readonly entities: unknown;
  readonly requests: readonly CorpusRequest[];
}

interface CaseFile {
  readonly policies: string;
  readonly entities: string;
  readonly schema: string;
  readonly requests: readonly RequestFile[];
}
interface RequestFile {
  readonly description: string;
  readonly principal: Uid;
  readonly action: Uid;
  readonly resource: Uid;
  readonly context: unknown;
  readonly decision: string;
  readonly reason: readonly string[];
  readonly errors: readonly string[];
}
type Uid = { readonly type: string; readonly id: string } | string;
interface LinkFile {
  readonly template_id: string;
  readonly link_id: string;
  readonly args: Readonly<Record<string, string>>;
}

type Files = ReadonlyMap<string, string>;

/** All cases of Cedar's corpus in a directory with its three archives. */
export function* corpusCases(directory: string): Generator<CorpusCase> {
  const handwritten = readTar(join(directory, 'handwritten.tar.gz'));
  yield* describedCases('generated', readTar(join(directory, 'corpus-tests.tar.gz')));
  yield* describedCases('handwritten', handwritten);
  yield* useCases(readTar(join(directory, 'cedar-examples-use-cases.tar.gz')));
}

/** A case is a file that names all others that it needs. */
function* describedCases(part: Part, files: Files): Generator<CorpusCase> {
  for (const [name, text] of files) {
    if (!/^(corpus-tests|tests)\/.*\.json$/.test(name) || name.endsWith('.entities.json')) continue;
    const file = parseExactJson(text) as CaseFile; // the format that the corpus describes
    yield {
      part,
      name,
      policies: textOf(files, file.policies),
      namedByAnnotation: false,
      links: [],
      schema: textOf(files, file.schema),
      entities: parseExactJson(textOf(files, file.entities)),
      requests: file.requests.map((request) =>
        requestOf(request.description, request, {
          decision: decisionOf(request.decision),
          reason: request.reason,
          errors: request.errors,
        }),
      ),
    };
  }
}

/** A case is a directory; what is to be allowed and what is to be denied stand in directories of their own. */
function* useCases(files: Files): Generator<CorpusCase> {
  for (const [path, policies] of files) {
    const directory = /^(.*)\/policies\.cedar$/.exec(path)?.[1];
    if (directory === undefined) continue;
    const links = parseExactJson(files.get(`${directory}/linked`) ?? '[]') as readonly LinkFile[]; // of Cedar's command line
    const requests = [...files].flatMap(([name, text]) => {
      const decision = name.startsWith(`${directory}/`) ? /\/(ALLOW|DENY)\/[^/]*\.json$/.exec(name)?.[1] : undefined;
      if (decision === undefined) return [];
      const expected = { decision: decisionOf(decision) };
      return [requestOf(name, parseExactJson(text) as RequestFile, expected)]; // of Cedar's command line
    });
    yield {
      part: 'use cases',
      name: directory,
      policies,
      namedByAnnotation: true,
      links: links.map(({ template_id, link_id, args }) => ({
        template: template_id,
        id: link_id,
        slots: Object.fromEntries(Object.entries(args).map(([slot, uid]) => [slot, refOf(uid)])),
      })),
      schema: textOf(files, `${directory}/policies.cedarschema`),
      entities: parseExactJson(textOf(files, `${directory}/entities.json`)),
      requests,
    };
  }
}

function requestOf(
  name: string,
  { principal, action, resource, context }: RequestFile,
  expected: Expected,
): CorpusRequest {
  return { name, principal: refOf(principal), action: refOf(action), resource: refOf(resource), context, expected };
}

/** Also of its text, `Album::"one"`. */
function refOf(uid: Uid): EntityRef {
  if (typeof uid !== 'string') return new EntityRef(uid.type, uid.id);
  const [, type, id] = /^(.*)::("[^"\\]*")$/.exec(uid) ?? [];
  if (type === undefined || id === undefined) throw new Error(`${uid} names no entity`);
  return new EntityRef(type, JSON.parse(id));
}

function decisionOf(text: string): Expected['decision'] {
  const decision = text.toLowerCase();
  if (decision !== 'allow' && decision !== 'deny') throw new Error(`${text} is no decision`);
  return decision;
}

function textOf(files: Files, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`the corpus has no file ${path}`);
  return text;
}

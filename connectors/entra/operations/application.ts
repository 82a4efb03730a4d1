import { z } from 'zod';
import { type AnyOperation, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { change, WHOLE_TENANT } from '../effects.ts';
import { csdl, doc } from '../evidence.ts';
import { byBody, byIds, callExecution, type GraphCall, inner } from '../graph-call.ts';
import { objectId } from '../ids.ts';
import { isAbsent, readBack, undetermined } from '../read-back.ts';
import { application, servicePrincipal } from '../resources.ts';
import { type Seal, sealedExecution } from '../sealed-secret.ts';

interface OneApplication {
  readonly applicationId: string;
}

const text = z.string().nullish();
const credential = z.object({ keyId: z.string(), displayName: text, startDateTime: text, endDateTime: text });
const applicationOutput = z.object({
  id: z.string(),
  appId: text,
  displayName: text,
  passwordCredentials: z.array(credential).default([]),
});

const getCall: GraphCall<OneApplication> = {
  request: ({ applicationId }) => ({
    method: 'GET',
    path: path`/v1.0/applications/${applicationId}`,
    query: { $select: Object.keys(applicationOutput.shape).join(',') },
  }),
  result: (reply) => reply.body,
};

const getApplication = readOperation({
  name: 'entra.application.get',
  provenance: {
    arguments: { applicationId: 'target' },
    returns: { fields: { displayName: 'others', 'passwordCredentials[*].displayName': 'others' } },
  },
  description: 'Reads one application: its name, and which secrets it has. The secrets themselves cannot be read.',
  input: z.strictObject({ applicationId: objectId }),
  output: applicationOutput,
  resourceTypes: ['Entra::Application'],
  resources: ({ applicationId }) => [application(applicationId)],
  labels: () => ['security'],
  execute: callExecution(getCall, true),
  evidence: [doc('GET /applications/{id}: "There is no way to retrieve this password in the future"')],
});

/**
 * The new secret leaves the connector only as a JWE to the operator's key: neither the log nor an agent ever holds it.
 * Its answer lost, the secret is nobody's, and only its entry can be found and removed.
 */
export function addPasswordOperation(seal: Seal): AnyOperation {
  return writeOperation({
    name: 'entra.application.add-password',
    provenance: { arguments: { applicationId: 'target', displayName: 'content', endDateTime: 'date' } },
    description:
      'Makes a new secret for an application: whoever holds it can sign in as the application. It is answered encrypted to the operator’s key.',
    input: z.strictObject({
      applicationId: objectId,
      displayName: z.string().min(1).max(120),
      endDateTime: z.iso.datetime(),
    }),
    output: credential.extend({ sealedSecret: z.string().optional() }),
    resourceTypes: ['Entra::Application'],
    resources: ({ applicationId }) => [application(applicationId)],
    labels: () => ['secret'],
    effect: () => change('privilege', { reversible: 'operation' }),
    effectKinds: ['privilege'],
    repeat: {
      class: 'at-most-once',
      evidence: doc('POST /applications/{id}/addPassword makes another secret each time'),
    },
    execute: sealedExecution(seal, {
      request: ({ applicationId, ...passwordCredential }) => ({
        method: 'POST',
        path: path`/v1.0/applications/${applicationId}/addPassword`,
        body: { passwordCredential },
      }),
    }),
    probe: async ({ applicationId, displayName, endDateTime }, context) => {
      const answer = await readBack(getCall.request({ applicationId }, context), context);
      const read = answer.ok ? applicationOutput.safeParse(answer.reply.body) : undefined;
      if (read?.success !== true) return undetermined(answer);
      const found = read.data.passwordCredentials.filter(
        (held) => held.displayName === displayName && Date.parse(held.endDateTime ?? '') === Date.parse(endDateTime),
      );
      if (found.length === 0) return { status: 'not-applied' };
      return found.length === 1
        ? { status: 'applied', result: found[0] }
        : { status: 'undetermined', detail: 'Several secrets have this name and end.' };
    },
    undo: ({ applicationId }, result) => {
      const made = credential.safeParse(result);
      return made.success
        ? { operation: 'entra.application.remove-password', input: { applicationId, keyId: made.data.keyId } }
        : undefined;
    },
    evidence: [csdl('action addPassword on application'), doc('answers secretText once, with 200')],
  });
}

interface OneSecret extends OneApplication {
  readonly keyId: string;
}

const removeCall: GraphCall<OneSecret> = {
  request: ({ applicationId, keyId }) => ({
    method: 'POST',
    path: path`/v1.0/applications/${applicationId}/removePassword`,
    body: { keyId },
  }),
};

const removePassword = writeOperation({
  name: 'entra.application.remove-password',
  provenance: { arguments: { applicationId: 'target', keyId: 'target' } },
  description: 'Removes a secret of an application. Whatever signs in with it stops working.',
  input: z.strictObject({ applicationId: objectId, keyId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::Application'],
  resources: ({ applicationId }) => [application(applicationId)],
  effect: () => change('delete', { reversible: 'no' }),
  effectKinds: ['delete'],
  repeat: { class: 'at-most-once', evidence: doc('POST /applications/{id}/removePassword {keyId}: 204') },
  execute: callExecution(removeCall, false),
  probe: async ({ applicationId, keyId }, context) => {
    const answer = await readBack(getCall.request({ applicationId }, context), context);
    const read = answer.ok ? applicationOutput.safeParse(answer.reply.body) : undefined;
    if (read?.success !== true) return undetermined(answer);
    return read.data.passwordCredentials.some((held) => held.keyId === keyId)
      ? { status: 'not-applied' }
      : { status: 'applied', result: {} };
  },
  undo: { none: 'A removed secret cannot be made again; a new one has another value.' },
  evidence: [doc('POST /applications/{id}/removePassword {keyId}: 204')],
});

interface OnePrincipal {
  readonly servicePrincipalId: string;
}

const deleteCall: GraphCall<OnePrincipal> = {
  request: ({ servicePrincipalId }) => ({
    method: 'DELETE',
    path: path`/v1.0/servicePrincipals/${servicePrincipalId}`,
  }),
};

const deleteServicePrincipal = writeOperation({
  name: 'entra.service-principal.delete',
  provenance: { arguments: { servicePrincipalId: 'target' } },
  description:
    'Deletes an application’s presence in the tenant: nobody signs in to it any more. For 30 days deleted-item.restore brings it back.',
  input: z.strictObject({ servicePrincipalId: objectId }),
  output: z.object({}),
  resourceTypes: ['Entra::ServicePrincipal'],
  resources: ({ servicePrincipalId }) => [servicePrincipal(servicePrincipalId)],
  effect: () => change('delete', { reversible: 'window', count: WHOLE_TENANT }),
  effectKinds: ['delete'],
  repeat: { class: 'at-most-once', evidence: doc('DELETE /servicePrincipals/{id}: 204, and 404 afterwards') },
  execute: httpExecution({ request: deleteCall.request, repeatable: false, result: () => ({}) }),
  probe: async ({ servicePrincipalId }, context) => {
    const alive = await readBack({ path: path`/v1.0/servicePrincipals/${servicePrincipalId}` }, context);
    if (alive.ok) return { status: 'not-applied' };
    if (!isAbsent(alive)) return undetermined(alive);
    const deleted = await readBack({ path: path`/v1.0/directory/deletedItems/${servicePrincipalId}` }, context);
    return deleted.ok ? { status: 'applied', result: {} } : undetermined(deleted);
  },
  undo: ({ servicePrincipalId }) => ({
    operation: 'entra.deleted-item.restore',
    input: { objectId: servicePrincipalId },
  }),
  evidence: [doc('DELETE /servicePrincipals/{id}; directory-deleteditems-restore supports servicePrincipal')],
});

export const applicationOperations = [getApplication, removePassword, deleteServicePrincipal] as const;
export const applicationInner = [
  inner(removePassword, removeCall, {
    method: 'POST',
    path: '/applications/{}/removePassword',
    input: byBody('applicationId'),
  }),
  inner(deleteServicePrincipal, deleteCall, {
    method: 'DELETE',
    path: '/servicePrincipals/{}',
    input: byIds('servicePrincipalId'),
  }),
];

import { z } from 'zod';
import { readOperation } from '../../../src/connector/contract.ts';
import { sdk } from '../evidence.ts';
import { foundOutput, idsThenEntities, OFFSET, searchInput } from '../lists.ts';
import { refs } from '../resources.ts';

const incident = z.object({
  incident_id: z.string(),
  name: z.string().optional(),
  status: z.number().optional(),
  state: z.string().optional(),
  fine_score: z.number().optional(),
  description: z.string().optional(),
});

const searchIncidents = readOperation({
  name: 'crowdstrike.incident.search',
  description: 'Searches incidents.',
  input: searchInput,
  output: foundOutput('incidents', incident),
  resourceTypes: ['CrowdStrike::Incident'],
  resources: () => refs('CrowdStrike::Incident', []),
  labels: () => ['security', 'untrusted'],
  touched: ({ incidents }) => incidents.map(({ incident_id }) => ({ type: 'CrowdStrike::Incident', id: incident_id })),
  provenance: { returns: { default: 'others', fields: { 'incidents[*].incident_id': 'system' } } },
  execute: idsThenEntities({
    as: 'incidents',
    queries: '/incidents/queries/incidents/v1',
    entities: '/incidents/entities/incidents/GET/v1',
    item: incident,
    dialect: OFFSET,
  }),
  evidence: [
    sdk('GET /incidents/queries/incidents/v1 (QueryIncidents)'),
    sdk('POST /incidents/entities/incidents/GET/v1 (GetIncidents)'),
  ],
});

export const incidentOperations = [searchIncidents] as const;

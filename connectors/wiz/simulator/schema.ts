/** The part of the schema that the connector uses, written by hand from public clients: reconstructed, and no more. */
export const SDL = `
  scalar DateTime
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Entity { name: String type: String }
  type Issue { id: ID! status: String severity: String dueAt: DateTime resolutionReason: String entitySnapshot: Entity }
  type IssueConnection { nodes: [Issue!]! pageInfo: PageInfo! totalCount: Int! }
  input IssueEntityFilters { id: String }
  input IssueFilters { id: [ID!] status: [String!] severity: [String!] relatedEntity: IssueEntityFilters }
  type CloudResource { id: ID! name: String type: String }
  type CloudResourceConnection { nodes: [CloudResource!]! pageInfo: PageInfo! }
  input CloudResourceFilters { search: String type: [String!] }
  type Query {
    issuesV2(first: Int, after: String, filterBy: IssueFilters): IssueConnection!
    cloudResources(first: Int, after: String, filterBy: CloudResourceFilters): CloudResourceConnection!
  }
  input UpdateIssuePatch { status: String dueAt: DateTime note: String resolutionReason: String }
  input UpdateIssueInput { id: ID! patch: UpdateIssuePatch! }
  type UpdateIssuePayload { issue: Issue }
  input CreateIssueNoteInput { issueId: ID! text: String! }
  type IssueNote { id: ID! text: String }
  type CreateIssueNotePayload { issueNote: IssueNote }
  input DeleteIssueNoteInput { id: ID! }
  input DeleteConnectorInput { id: ID! }
  input DeleteServiceAccountInput { id: ID! }
  input DeleteAutomationRuleInput { id: ID! }
  type Deleted { _stub: String }
  input CreateServiceAccountInput { name: String! scopes: [String!]! }
  type ServiceAccount { id: ID! name: String clientId: String clientSecret: String }
  type CreateServiceAccountPayload { serviceAccount: ServiceAccount }
  input CreateProjectInput { name: String! description: String }
  type Project { id: ID! name: String }
  type CreateProjectPayload { project: Project }
  input CreateAutomationRuleInput {
    name: String! triggerSource: String! triggerType: [String!]! actionId: ID! enabled: Boolean
  }
  type AutomationRule { id: ID! name: String }
  type CreateAutomationRulePayload { automationRule: AutomationRule }
  input UpdateControlPatch { enabled: Boolean }
  input UpdateControlInput { id: ID! patch: UpdateControlPatch! }
  type Control { id: ID! }
  type UpdateControlPayload { control: Control }
  input SAMLGroupMapping { providerGroupId: String! role: ID! }
  input SetSAMLGroupMappingInput { samlIdpId: ID! mappings: [SAMLGroupMapping!]! }
  input CopyResourceForensicsToExternalAccountInput { id: ID! }
  type CopyForensicsPayload { systemActivityGroupId: ID }
  type Mutation {
    updateIssue(input: UpdateIssueInput!): UpdateIssuePayload
    createIssueNote(input: CreateIssueNoteInput!): CreateIssueNotePayload
    deleteIssueNote(input: DeleteIssueNoteInput!): Deleted
    deleteConnector(input: DeleteConnectorInput!): Deleted
    createServiceAccount(input: CreateServiceAccountInput!): CreateServiceAccountPayload
    deleteServiceAccount(input: DeleteServiceAccountInput!): Deleted
    createProject(input: CreateProjectInput!): CreateProjectPayload
    createAutomationRule(input: CreateAutomationRuleInput!): CreateAutomationRulePayload
    deleteAutomationRule(input: DeleteAutomationRuleInput!): Deleted
    updateControl(input: UpdateControlInput!): UpdateControlPayload
    setSAMLGroupMapping(input: SetSAMLGroupMappingInput!): Deleted
    copyResourceForensicsToExternalAccount(input: CopyResourceForensicsToExternalAccountInput!): CopyForensicsPayload
  }
`;

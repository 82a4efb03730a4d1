/** Every limit of Interlock in one place, with its unit and its reason. Past a bound there is a clear error, never a silent cut. */
export const BOUNDS = {
  /** One request body or one MCP message. Large documents belong in a System of Record, not in an action. */
  bodyBytes: 1_048_576,
  /** Facts about subjects of one workflow. Past it a fact is not known, so what asks for it is denied. */
  workflowFacts: 2_000,
  /** Characters of a fact's value, and of each of its elements; elements of one. */
  factCharacters: 1_024,
  factElements: 100,
  /** Look-ups that wait; past it they are dropped and counted. */
  enrichmentQueue: 10_000,
  /** Milliseconds for one look-up. */
  enrichmentMs: 15_000,
  /** Milliseconds and characters of one text that is looked through for secrets and personal data; past them it counts as unread. */
  classifyMs: 5_000,
  classifyCharacters: 262_144,
  /** Milliseconds more for the first text of a thread, which has to start. */
  classifyStartMs: 30_000,
  /** Texts that wait to be looked through; megabytes of the thread that does it. */
  classifyQueue: 1_000,
  classifyHeapMegabytes: 256,
  /** Records of one answer of which is said what its text holds. */
  classifyResources: 100,
  /** Look-ups of one system a second, over all workers: what most vendors grant, with room for the actions themselves. */
  enrichmentPerSecond: 50,
  /** Entries of the stream in which one queue tells of its jobs. */
  enrichmentEvents: 1_000,
  /** Times that a job may be taken over from a worker that fell silent; past it the job is what silences them. */
  enrichmentTakeovers: 10,
  /** Look-ups given up that are kept for each system, one KiB each; past it the oldest leave. */
  enrichmentDeadLetters: 100_000,
  /** Of them, those that one list shows and that one replay takes. */
  enrichmentDeadLettersAtOnce: 1_000,
  /** Calls in one batch: each is judged for itself, in the time of one decision. */
  batchParts: 100,
  /** Nesting of JSON from outside: deeper values break recursive readers, and no real operation needs them. */
  jsonDepth: 64,
  /** Keys and elements of one JSON document: bounds the work of every later pass over it. */
  jsonNodes: 50_000,
  /** Characters of an action, agent, user or tenant id. */
  idLength: 128,
  /** Characters of a mandate or a message between agents. */
  textLength: 16_384,
  /** Events of one workflow. Past it the workflow is full: it must be continued in a new one. */
  workflowEvents: 100_000,
  /** Characters of the payloads of one workflow, because its view holds them all. Past it the workflow is full, too. */
  workflowCharacters: 67_108_864,
  /** Agent sessions of one workflow. */
  workflowSessions: 1_000,
  /** Labels of one workflow; policies name a handful. */
  workflowLabels: 256,
  /** Resources whose ids the view remembers, per workflow; past it every unseen resource counts as touched. */
  workflowResources: 10_000,
  /** Hand-overs that one workflow remembers, to say what descends from what; past it everything does. */
  lineageEdges: 200_000,
  /** Forms of values whose first sight a workflow remembers, 9 to 15 bytes each; past it only the mandate vouches for a value. */
  provenanceKeys: 500_000,
  /** How often one action is decided again because its workflow moved under it. */
  decisionAttempts: 16,
  /** The same where other gateways append, too: each attempt that fails is one of theirs that got in. */
  sharedDecisionAttempts: 512,
  /** Actions of one workflow that may be parked for a human or a fact at once: a flood of questions is not a question. */
  heldActions: 100,
  /** Workflows whose views stay in memory; the least recently used idle one leaves first. */
  loadedWorkflows: 10_000,
  /** Combinations of labels that one metric tells apart; all further ones are told together. */
  metricSeries: 1_000,
  /** Held actions whose first trace is remembered, for their later one to name. */
  heldTraces: 10_000,
  /** Characters of the payloads that those views hold together; past it, idle ones leave. */
  loadedCharacters: 268_435_456,
  /** Events that a view has folded since its last snapshot until another one is worth its place. */
  snapshotEvents: 64,
  /** Characters of the payloads of a view that is kept as a snapshot: a longer one would be written and read without a pause. */
  snapshotCharacters: 16_777_216,
  /** Bytes of a snapshot once it is unpacked. */
  snapshotBytes: 134_217_728,
  /** Views that wait for their snapshot; past it the oldest goes without. */
  snapshotQueue: 1_000,
  /** Views that are kept when the process ends: a second's work. */
  snapshotsAtClose: 200,
  /** Milliseconds after which a view that has moved on is kept as a snapshot: it has often come to rest by then. */
  snapshotDelayMs: 5_000,
  /** Workflows that are erased by age until others have their turn, and the milliseconds of that. */
  erasedAtOnce: 100,
  erasurePauseMs: 1_000,
  /** Records that one answer names as touched; a longer answer is withheld, because what it brings along could not be kept. */
  touchedResources: 2_000,
  /** A result kept in the log, in bytes of JSON; a larger one is answered once and not kept. */
  keptResultBytes: 262_144,
  /** One response of a governed system. */
  responseBytes: 8_388_608,
  /** Rows waiting to become durable; past it appends are refused until the disk has caught up. */
  pendingAppends: 65_536,
  /** Characters of payload in those rows. */
  pendingAppendCharacters: 268_435_456,
  /** Milliseconds one call to a governed system may take, all retries together, unless the connector says less. */
  executionMs: 30_000,
  /** Milliseconds one call may take whose answer comes piece by piece: less than `httpIdleMs`, so that whoever waits is there. */
  streamedExecutionMs: 110_000,
  /** Times one call to a governed system is sent, the first included; what may be sent again is decided by its class. */
  outboundAttempts: 4,
  /** Milliseconds before a call is sent again the first time; doubled each time, less a random part. */
  outboundBackoffMs: 200,
  /** Calls to one governed system in flight at once, so that a burst here is no outage there; the others wait. */
  outboundConcurrency: 64,
  /** Requests that one action makes to read a list, and JSON characters of its items; what is left is said with its cursor. */
  pagedRequests: 10,
  pagedCharacters: 8_388_608,
  /** Calls in a row that a system did not answer until it counts as down, and milliseconds until one call may try it again. */
  circuitFailures: 10,
  circuitRestMs: 15_000,
  /** Milliseconds an idle connection is kept: less than the five seconds after which common servers cut it. */
  outboundIdleMs: 4_000,
  /** Milliseconds a token endpoint may take, all retries together. */
  tokenMs: 10_000,
  /** JSON characters of what an accepted action can be asked for with. */
  handleCharacters: 65_536,
  /** Characters of a system's own words that are kept in a detail. */
  detailCharacters: 1_000,
  /** Milliseconds an allowed decision of `decide` stays usable before its outcome counts as unknown. */
  permitMs: 60_000,
  /** Milliseconds an approval is waited for unless the policy says otherwise. */
  approvalMs: 1_800_000,
  /** Milliseconds a caller may wait on a held action in one request. */
  waitMs: 60_000,
  /** Characters of one policy file, and of all files of one set; policies and files of one set. */
  policyFileCharacters: 1_000_000,
  policySetCharacters: 8_000_000,
  policyCount: 20_000,
  policyFiles: 1_000,
  /** Characters of one annotation of a policy: its title goes into every decision that it is a reason of. */
  annotationCharacters: 2_000,
  /** Problems of one policy set that are shown. */
  policyProblems: 1_000,
  /** Megabytes of JavaScript heap that the check of a policy set may use, beside the memory of the policy engine. */
  policyCheckHeapMegabytes: 512,
  /** Checked policy sets that are kept on the disk, so that a start need not check them again. */
  keptPolicySets: 8,
  /** Bytes of one of them. */
  keptPolicySetBytes: 134_217_728,
  /** Evaluations that wait for the judge, and their characters; past it they go unjudged, and are counted. */
  judgeQueue: 1_000,
  judgeQueueCharacters: 16_777_216,
  /** Evaluations a second that a share picks: each costs the thread that decides about a millisecond. A share of 1 picks all. */
  judgedPerSecond: 20,
  /** Milliseconds in which the judge must answer, its start included, and for which it rests once it has failed again and again. */
  judgeMs: 60_000,
  judgeRestMs: 60_000,
  /** Milliseconds the check of a policy set may take before the set is refused. */
  policyCheckMs: 120_000,
  /** Brackets that may stand inside each other in a policy: the reference evaluator traps at about 130. */
  policyNesting: 64,
  /** Expressions inside each other in a policy that is compiled, a chain of && or || being one: evaluation nests as they do. */
  policyDepth: 400,
  /** Computed elements of one set or record in a policy: they are the arguments of one call. Constants do not count. */
  policyArguments: 10_000,
  /** Tools one MCP server may list, and pages that are followed to list them. */
  mcpTools: 1_000,
  mcpPages: 50,
  /** JSON characters of one tool's definition, and nesting of its schemas: a server writes them, and we read them all. */
  mcpDefinitionCharacters: 65_536,
  mcpSchemaDepth: 24,
  /** Characters of an API's description, its operations, and JSON characters of one of them with all that it refers to. */
  apiDescriptionCharacters: 33_554_432,
  apiOperations: 5_000,
  apiOperationCharacters: 262_144,
  /** Milliseconds after which an MCP server's tools are listed again before one is called: not every server tells of a change. */
  mcpListingMs: 60_000,
  /** MCP connections of one operator's key, each with a workflow of its own, and keys; the least recently used leaves first. */
  mcpConnections: 1_000,
  /** Characters of the path and query of a request that a gateway asks about. */
  gatewayTargetCharacters: 8_192,
  /** Questions of one gateway that are answered at once, per connection; the others wait. */
  gatewayQuestions: 1_000,
  /** Connections of one HTTP server; file descriptors are finite. */
  httpConnections: 8_192,
  /** Milliseconds in which a client must have sent its headers, and its whole request. */
  httpHeadersMs: 10_000,
  httpRequestMs: 30_000,
  /** Milliseconds a connection may stay silent; more than `waitMs`, so that a waiting caller is not cut off. */
  httpIdleMs: 120_000,
  /** Live streams of one HTTP server, bytes that wait for one slow reader, and milliseconds until it must show its credential again. */
  eventStreams: 64,
  eventBufferBytes: 1_048_576,
  eventStreamMs: 900_000,
  /** Milliseconds between signs of life on a live stream; less than what proxies usually cut off. */
  eventHeartbeatMs: 15_000,
  /** Signals that one policy set declares, and patterns and values in one of them. */
  signals: 200,
  signalParts: 100,
  /** Past combinations of values that one signal tells apart, per workflow or tenant; the quietest is forgotten first. */
  signalCells: 50_000,
  /** Others that one combination tells from the present action: agents, say. */
  signalSeries: 256,
  /** Actions that one combination counts within a window, and values that it tells apart. */
  signalEntries: 10_000,
  /** Latest actions that are kept where the last one counts, so that a failed one gives way to the one before. */
  signalLatest: 32,
  /** Elements of a set that policies see. */
  signalSetValues: 256,
  /** Characters of a value that is remembered as it is; a longer one is remembered by its digest. */
  signalValueCharacters: 512,
  /** Combinations of values by which one action correlates with others, as one on several records does. */
  signalCombinations: 256,
  /** Milliseconds that a signal looks back: a year; without an end it looks back to the beginning. */
  signalWindowMs: 31_622_400_000,
  /** Workflows of a tenant that are read to fill its signals; older ones count as forgotten. */
  signalHistoryWorkflows: 10_000,
  /** Entries of a tenant's feed that are drained into the ledger at once, and workflows that are read for it side by side. */
  ledgerEntries: 1_000,
  ledgerReads: 16,
  /** Events, and characters of their payloads, after which a batch is sent on to the ledger piece by piece. */
  ledgerRows: 2_000,
  ledgerCharacters: 8_388_608,
  /** Milliseconds to connect to the ledger's server and for one statement there, and between attempts while it is away. */
  ledgerConnectMs: 10_000,
  ledgerQueryMs: 60_000,
  ledgerBackoffMs: 100,
  ledgerBackoffMaxMs: 30_000,
  /** Tenants whose signals stay in memory; the least recently used leaves first, and is filled again. */
  signalTenants: 1_000,
} as const;

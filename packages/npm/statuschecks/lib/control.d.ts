// Generated from openapi/control.yaml; do not edit.

/** A seed as YAML. */
export type SeedText = string;

/** A seed as JSON. */
export type SeedBody = Record<string, unknown>;

export type Problem = {
  /** What is wrong and what to do. */
  error: string;
  /** Every single problem, with its place. */
  problems?: Array<string>;
};

/** One row of the state. The keys are those of the mock's own model and may grow. */
export type Thing = {
  id: number;
  [name: string]: unknown;
};

export type Things = Array<Thing>;

/** Further lists may be there. */
export type State = {
  /** The GitLab release that is imitated, such as 18.9. */
  version: string;
  clock: Clock;
  licence: Licence;
  users: Things;
  groups: Things;
  projects: Things;
  merge_requests: Things;
  external_status_checks: Things;
  status_check_responses: Things;
  dropped: Dropped;
  [name: string]: unknown;
};

/** How many made room for newer ones since the world was seeded, as the lists are bounded. */
export type Dropped = {
  /** Those that were not sent yet. */
  deliveries: number;
  audit_events: number;
  surprises: number;
};

export type Seeded = {
  users: number;
  groups: number;
  projects: number;
  merge_requests: number;
  external_status_checks: number;
};

export type Duration = string;

export type Clock = {
  mode: ClockMode;
  now: string;
  offset: Duration;
};

/** As the computer's, ahead of it or behind, or standing still. */
export type ClockMode = "real" | "offset" | "frozen";

export type SetClockBody = {
  mode: "real" | "offset" | "frozen";
  /** For frozen: where to stand; now if not given. */
  now?: string;
  /** For offset: how far ahead, or behind if negative; without it the clock goes on from where it is. */
  offset?: string;
};

/** Either by how much or to when; never back. */
export type AdvanceClockBody = {
  by?: string;
  to?: string;
  wait?: Wait;
};

export type TriggerEventBody = {
  event: EventName;
  /** Its id. Without it the first with a merge request that fits. */
  project?: number;
  /** Its iid. Without it the first that fits. */
  merge_request?: number;
  /** For retry and timeout: the id of the external status check. */
  check?: number;
  /** Who does it. Without it the member with the highest role who may. */
  user?: string;
  wait?: Wait;
};

/** open opens a merge request from a new branch; push adds a commit to the source branch; update edits the description; retry asks a check that failed again; timeout lets time pass until pending responses have timed out. */
export type EventName = "open" | "push" | "update" | "close" | "reopen" | "approve" | "unapprove" | "merge" | "retry" | "timeout";

export type TriggeredEvent = {
  event: EventName;
  /** Who did it; empty for timeout. */
  user: string;
  merge_request: Thing;
  /** Ids of the deliveries that came of it so far. */
  deliveries: Array<number>;
  clock: Clock;
};

export type FlushDeliveriesBody = {
  wait?: Wait;
};

/** How long to wait for deliveries that others have sent, at most 10m; without it a second in which none of them ends. */
export type Wait = string;

export type Licence = {
  /** The instance. */
  licensed: boolean;
  /** The projects that do not follow the instance. */
  projects: Array<{
    id: number;
    licensed: boolean;
  }>;
};

export type SetLicenceBody = {
  /** Null, for a project: follow the instance. */
  licensed: boolean | null;
  /** Id or full path of a project; without it the instance is meant. */
  project?: string | number;
};

export type SHARequirement = {
  /** The instance. */
  required: boolean;
  /** Whether groups must follow the instance. */
  locked: boolean;
  /** The groups and namespaces that chose for themselves. */
  namespaces: Array<{
    id: number;
    full_path: string;
    required: boolean | null;
    locked: boolean;
  }>;
};

export type SetSHARequirementBody = {
  /** Null: follow what is above; for the instance, no. */
  required: boolean | null;
  /** Whether what is below must follow; no if left out. */
  locked?: boolean;
  /** Id or full path of a group or a user's own namespace; without it the instance is meant. */
  namespace?: string | number;
};

/** Everything can be changed, or GitLab is under maintenance, or its database can only be read. */
export type WriteMode = "allowed" | "maintenance" | "read_only";

export type Writing = {
  mode: WriteMode;
  /** What is said to JSON that would change something; empty where it can. */
  message: string;
};

export type SetWritingBody = {
  mode: WriteMode;
  /** For maintenance: what to say instead of GitLab's own text. */
  message?: string;
};

export type Release = {
  version: string;
  /** The oldest release that it can be. */
  oldest: string;
  /** The newest release that it can be. */
  newest: string;
  /** What of GitLab's history it does, by the names of docs/reference/versions.md. */
  changes: Array<string>;
};

export type SetReleaseBody = {
  /** Major and minor, as 16.4; what GitLab itself says, as v16.4.2-ee, is read too. */
  version: string;
  /** Feature flags of that release to switch. */
  features?: Record<string, boolean>;
};

export type Feature = {
  name: string;
  /** Whether what it governs is on: off in releases before the flag, on in those after it. */
  enabled: boolean;
  /** Whether the release has the flag. */
  switchable: boolean;
  /** How it was shipped. */
  default: boolean;
  /** First release with the flag. */
  since: string;
  /** First release without it. */
  removed: string;
  /** What it governs. */
  what: string;
};

export type SetFeatureBody = {
  name: string;
  enabled: boolean;
};

export type World = {
  name: string;
  /** Relative root. */
  path: string;
  /** Base URL, which the links of the world begin with. */
  url: string;
  /** Release that it is. */
  version: string;
  /** By the clock of the machine. */
  created_at: string;
  /** By the clock of the machine. */
  last_used_at: string;
  expires_after: Duration;
};

export type NewWorldBody = {
  /** 1 to 100 letters, digits, -, _ and ., beginning with a letter, a digit or _. */
  name: string;
  seed?: SeedBody;
  /** Name of a snapshot of the root; it goes with none of seed, version, features and licensed. */
  snapshot?: string;
  /** Release of GitLab to be. */
  version?: string;
  /** Feature flags of the release to switch. */
  features?: Record<string, boolean>;
  /** Whether the instance has the licence; left out, the seed says it. */
  licensed?: boolean;
  expires_after?: string;
};

export type TakeSnapshotBody = {
  /** 1 to 100 letters, digits, -, _ and ., beginning with a letter, a digit or _. */
  name: string;
};

export type Snapshot = {
  name: string;
  /** By the clock of the world. */
  taken_at: string;
  /** Release that it was. */
  version: string;
};

export type FaultPlanBody = {
  /** Name of the plan; left out, the mock chooses one. */
  id?: string;
  /** Decides what chance has to say. */
  seed?: number;
  faults: Array<Fault>;
};

export type FaultPlan = {
  id: string;
  seed?: number;
  faults: Array<Fault>;
  /** What became of each fault. */
  counts: Array<FaultCount>;
  /** Whether each fault happened as often as it may; one that may happen for ever, at least once. */
  used_up: boolean;
};

export type FaultCount = {
  /** Calls that it could have happened to. */
  matched: number;
  /** Calls that it happened to. */
  happened: number;
};

export type Fault = {
  calls?: FaultCalls;
  /** The attempts at deliveries that it can happen to, instead of calls. All that is given must fit. */
  deliveries?: {
    /** Id of the external status check. */
    check?: number;
    project?: number;
    /** What happened, as in the payload. */
    action?: string;
    /** The n-th of each delivery. */
    attempt?: number;
  };
  /** What happens to these: duplicated sends them twice, late makes them due later by delay, lost never sends them, out_of_order sends them after the next one to the same check or webhook, wrong_signature signs them wrongly and sends another token. */
  delivery?: "duplicated" | "late" | "out_of_order" | "lost" | "wrong_signature";
  /** The first matching call that it happens to, counted from 1. */
  first?: number;
  /** It happens to each n-th matching call from there on. */
  every?: number;
  /** How likely it is for each of these. */
  chance?: number;
  /** How often it happens at most; left out, for ever. */
  times?: number;
  /** It does not happen from this instant of the mock on. */
  until?: string;
  /** The call does its work first. */
  after?: boolean;
  /** How long the head of the response is held back, in real time: 300ms, 1m15s. */
  delay?: string;
  /** How long each few bytes of the body are held back, in real time. */
  trickle?: string;
  response?: FaultResponse;
  headers?: FaultHeaders;
  /** All ids in the JSON of the response are strings. */
  ids_as_text?: boolean;
  /** Who sends an If-None-Match is told that nothing has changed. */
  stale_etag?: boolean;
  /** relative_link leaves the origin out of Link; same_page lets it and X-Next-Page lead to the same page. */
  paging?: "relative_link" | "same_page";
  /** reset and close end it before any byte; close_after behind the response, unannounced; close_idle too, but after the time of idle; cut and cut_chunked in the body; extra_bytes adds bytes that belong to no response. nothing_listens resets it, and nothing listens at the address for the time of down; it is refused where there are worlds beside the root. */
  connection?: "reset" | "close" | "close_after" | "close_idle" | "cut" | "cut_chunked" | "extra_bytes" | "nothing_listens";
  /** How long the connection stays open behind the response, with close_idle. */
  idle?: string;
  /** How long nothing listens, with nothing_listens, in real time. */
  down?: string;
  /** Bytes of the body before the connection ends, with cut and cut_chunked. */
  cut_after?: number;
};

/** The calls that a fault can happen to. All that is given must fit. */
export type FaultCalls = {
  /** operationId in the contract. */
  operation?: string;
  method?: string;
  /** Below /api/v4, with * for one segment and ** for the rest. */
  path?: string;
  /** Username of the token's owner. */
  user?: string;
  /** Of that user in the project. */
  role?: "guest" | "planner" | "reporter" | "developer" | "maintainer" | "owner" | "admin";
  /** Id or full path, as the client writes it. */
  project?: string;
  /** Page of a list. */
  page?: number;
  /** The n-th request on its connection. */
  on_connection?: number;
};

/** What is sent in place of the real response. */
export type FaultResponse = {
  status: number;
  /** Phrase of the status line. */
  reason?: string;
  /** gitlab is the JSON of GitLab's API, nginx the page of the web server before it, login a page that asks to sign in. */
  body?: "gitlab" | "nginx" | "login" | "empty" | "null";
  /** The body itself. */
  text?: string;
  /** Its Content-Type. */
  type?: string;
};

/** Changes of the headers. In values ${epoch+N} and ${date+N} stand for the mock's time and N seconds, in seconds since 1970 or as a date of HTTP, and ${path} for the path that was called. */
export type FaultHeaders = {
  set?: Record<string, string>;
  drop?: Array<string>;
};

export type RateLimits = {
  limits: Array<{
    name: RateLimitName;
    requests: number;
    period: Duration;
  }>;
  /** What was counted of each caller in the windows that have not ended. */
  windows: Array<{
    name: RateLimitName;
    /** user:ID, or an address. */
    key: string;
    observed: number;
    remaining: number;
    ends: string;
  }>;
};

/** As GitLab calls it. The first two are those of the whole API, for callers with a valid token and for others; the rest are for single endpoints. */
export type RateLimitName = "throttle_authenticated_api" | "throttle_unauthenticated_api" | "project_api" | "projects_api" | "projects_api_rate_limit_unauthenticated" | "project_members_api" | "members_delete" | "notes_create" | "users_get_by_id" | "groups_api" | "group_api";

export type SetRateLimitsBody = {
  /** Those that are on; all others are off. */
  limits: Array<{
    name: RateLimitName;
    requests: number;
    /** Whole seconds, at most 24h. */
    period: string;
  }>;
};

/** All that is given must hold. Where only calls is given, there must be at least one such call. */
export type ExpectationBody = {
  /** Letters, digits, -, _ and . */
  id?: string;
  calls?: ExpectedCalls;
  /** Number in the journal from which calls count; left out, those to come. */
  since?: number;
  /** How many such calls there are, exactly. */
  times?: number;
  at_least?: number;
  at_most?: number;
  /** Such calls come in this order; others may come between them. */
  order?: Array<ExpectedCalls>;
  /** Who got a Retry-After repeats the call not before that is over. */
  waits?: boolean;
};

export type Expectation = {
  /** Letters, digits, -, _ and . */
  id: string;
  calls?: ExpectedCalls;
  /** Number in the journal from which calls count; left out, those to come. */
  since: number;
  /** How many such calls there are, exactly. */
  times?: number;
  at_least?: number;
  at_most?: number;
  /** Such calls come in this order; others may come between them. */
  order?: Array<ExpectedCalls>;
  /** Who got a Retry-After repeats the call not before that is over. */
  waits?: boolean;
  /** Whether what happened so far is as expected. */
  met: boolean;
  /** How many calls were those that are meant. */
  matched: number;
  /** What is not as expected; empty if all is. */
  why: string;
  /** The calls that nearly were those that are meant, the nearest first. */
  near?: Array<{
    /** In the journal. */
    number: number;
    /** Method, path and status. */
    call: string;
    differ: Array<string>;
  }>;
};

/** The calls that are meant. All that is given must fit. */
export type ExpectedCalls = {
  /** operationId in the contract. */
  operation?: string;
  method?: string;
  /** Below /api/v4, with * for one segment and ** for the rest. */
  path?: string;
  /** Username of the token's owner. */
  user?: string;
  /** As 404, or 4xx for all of a kind; 0 for no response. */
  status?: string;
  /** Whether what was asked for was done, whatever the response. */
  worked?: boolean;
  /** Parameters, by name. A number fits a text of the same digits. */
  with?: Record<string, unknown>;
};

export type ClientNotes = {
  notes: Array<{
    kind: "unknown_parameter" | "coerced" | "no_list" | "repeated" | "body_unread" | "deprecated";
    /** operationId in the contract. */
    operation: string;
    parameter?: string;
    /** It holds no value that the caller sent. */
    message: string;
    /** Username of the token's owner. */
    user?: string;
    /** Name of the token. */
    token?: string;
    /** Of a caller without a known token. */
    address?: string;
    /** How many calls it was seen in. */
    count: number;
    first_at: string;
    last_at: string;
  }>;
  /** Calls of which something was not noted, as there are too many notes. */
  dropped: number;
};

export type Coverage = {
  format: 1;
  releases: CoveredItems;
  /** Those of the contract of the release that the mock is. */
  operations: Array<{
    id: string;
    method: string;
    path: string;
    calls: number;
    statuses: CoveredItems;
    parameters: CoveredItems;
    pages: CoveredItems;
    headers: CoveredItems;
  }>;
};

export type CoveredItems = Array<{
  name: string;
  count: number;
  /** Whether the contract has it. */
  documented: boolean;
}>;

export type JournalPage = {
  entries: Array<JournalEntry>;
  /** The number that the next page begins with, also where there is nothing more yet. */
  next: number;
  /** Whether there is anything on the next page now. */
  more: boolean;
  /** Entries that had to make room since the journal was begun or cleared. */
  dropped: number;
};

export type JournalEntry = {
  /** Counted from 1, in the order in which the responses began. */
  number: number;
  kind: "call" | "delivery";
  /** operationId; left out where the contract has none for the path. */
  operation?: string;
  /** That the mock was then. */
  release: string;
  method: string;
  /** Of a call: escaped as it came, without the query. */
  path?: string;
  /** Of a delivery: without its query and without a password. */
  url?: string;
  query?: KeptParameters;
  body?: KeptParameters;
  /** Of a call to GraphQL: the queries, without values. */
  graphql?: Array<{
    /** query or mutation; left out if there was nothing to run. */
    kind?: string;
    /** Of the operation. */
    name?: string;
    /** That it begins with. */
    fields?: Array<string>;
  }>;
  /** Username of the token's owner. */
  user?: string;
  /** Name of the token. */
  token?: string;
  /** Of a caller without a known token. */
  address?: string;
  /** Counted from 1. */
  connection?: number;
  /** The n-th request on its connection. */
  on_connection?: number;
  /** Arrival on the clock of the mock. */
  at: string;
  /** Arrival on the clock of the machine, if that differs. */
  real?: string;
  took: Duration;
  since_connection?: Duration;
  since_caller?: Duration;
  request_headers?: KeptHeaders;
  /** Of the body, in bytes. */
  request_size: number;
  /** 0 where no response was sent. */
  status: number;
  response_headers?: KeptHeaders;
  /** Of the body, in bytes. */
  response_size: number;
  /** Whether what was asked for was done, whatever was sent. */
  worked: boolean;
  /** Why it was refused, or why a delivery failed. */
  reason?: string;
  /** Name of the fault plan that changed the response. */
  fault?: string;
  /** Which delivery it is about. */
  attempt?: {
    /** Its id. */
    delivery: number;
    /** Id of the external status check; 0 for a delivery to a webhook. */
    check: number;
    /** Id of the webhook. */
    hook?: number;
    /** Counted from 1. */
    number: number;
  };
};

/** Parameters by name. Secrets, and what the contract does not know as a parameter of the operation, have … for a value. Long texts are cut. */
export type KeptParameters = Record<string, unknown>;

/** A few of the headers. */
export type KeptHeaders = Record<string, string>;

export type HAR = {
  log: {
    version: "1.2";
    creator: {
      name: string;
      version: string;
    };
    entries: Array<Record<string, unknown>>;
  };
};

export type Delivery = {
  id: number;
  /** 0 for a delivery to a webhook. */
  check_id: number;
  /** The webhook that gets it; 0 for a delivery to a check. */
  hook_id: number;
  /** Of a webhook: what X-Gitlab-Event says; empty for a check. */
  event: string;
  project_id: number;
  /** 0 for a push. */
  merge_request_id: number;
  merge_request_iid: number;
  /** What happened, as in the payload; empty for a retry. */
  action: string;
  url: string;
  /** queued waits for its time or for a free worker; delivered was answered, whatever the answer; blocked was not sent because of its address; gave_up got no answer. */
  state: "queued" | "delivered" | "blocked" | "gave_up";
  created_at: string;
  /** When the next attempt is or the last one was due. */
  due: string;
  /** Id of the delivery that it repeats. */
  redelivery_of: number | null;
  /** Lower-case hex; empty when the check has no secret. */
  signature: string;
  /** The exact bytes that are sent, as text. */
  body: string;
  attempts: Array<Attempt>;
};

/** One try. Either status or error is set. */
export type Attempt = {
  at: string;
  duration: Duration;
  /** Of the last request, since redirects can change it. */
  method: string;
  /** Of the last request. */
  url: string;
  request_headers: Headers;
  /** 0 when there was no answer. */
  status: number;
  response_headers: Headers;
  /** The beginning of it. */
  response_body: string;
  error: string;
};

export type Headers = Record<string, Array<string>>;

export type RedeliverBody = {
  fresh?: boolean;
};

export type Flushed = {
  /** Attempts made. */
  attempts: number;
  /** Deliveries whose next attempt is planned for later. */
  queued: number;
};

export type JobKind = "prepare_merge_request" | "insert_pending_responses" | "refresh_merge_requests" | "check_mergeability" | "execute_hooks" | "process_auto_merge" | "time_out_response" | "destroy_project" | "destroy_marked_project" | "destroy_group" | "fork_repository" | "process_pipeline" | "update_head_pipeline";

export type Job = {
  id: number;
  kind: JobKind;
  due: string;
  created_at: string;
  user_id?: number;
  project_id?: number;
  merge_request_id?: number;
  check_id?: number;
  response_id?: number;
  sha?: string;
  branch?: string;
  old_sha?: string;
  new_sha?: string;
  action?: string;
};

export type JobsRun = {
  ran: number;
  waiting: number;
};

export type AuditEvent = {
  id: number;
  name: string;
  project_id: number;
  /** 0 for the system. */
  author_id: number;
  author_name: string;
  target_id: number;
  target_name: string;
  message: string;
  /** The attribute that changed. */
  change?: string;
  from?: string;
  to?: string;
  details?: Record<string, unknown>;
  /** False for what GitLab only streams. */
  stored: boolean;
  created_at: string;
};

export type Surprise = {
  method: string;
  /** As it came, without the query. */
  path: string;
  at: string;
  /** The operations that may have been meant, the nearest first. */
  nearest: Array<string>;
};

/** The control surface of a mock: what a test may ask of it that GitLab itself would not do. */
export class Control {
  /** Show all that is in the world. */
  getState(): Promise<State>;
  /** Export the world as a seed. */
  exportSeed(): Promise<SeedText>;
  /** Replace the world by what a seed says. */
  seed(body: SeedBody): Promise<Seeded>;
  /** Put the world back to how it began. */
  reset(): Promise<void>;
  /** Show the clock. */
  getClock(): Promise<Clock>;
  /** Make the clock go in another way. */
  setClock(body: SetClockBody): Promise<Clock>;
  /** Let time pass. */
  advanceClock(body: AdvanceClockBody): Promise<Clock>;
  /** Show the licence. */
  getLicence(): Promise<Licence>;
  /** Give or take the licence. */
  setLicence(body: SetLicenceBody): Promise<Licence>;
  /** Show whether merging by API needs the commit. */
  getSHARequirement(): Promise<SHARequirement>;
  /** Say whether merging by API needs the commit. */
  setSHARequirement(body: SetSHARequirementBody): Promise<SHARequirement>;
  /** Show whether anything can be changed by GitLab's API. */
  getWriting(): Promise<Writing>;
  /** Put the instance under maintenance, make its database read-only, or end that. */
  setWriting(body: SetWritingBody): Promise<Writing>;
  /** Show the rate limits that are on, and what was counted. */
  getRateLimits(): Promise<RateLimits>;
  /** Switch these rate limits on, and all others off. */
  setRateLimits(body: SetRateLimitsBody): Promise<RateLimits>;
  /** Show which release of GitLab it is, and what of GitLab's history that has. */
  getRelease(): Promise<Release>;
  /** Make the world one of another release. */
  setRelease(body: SetReleaseBody): Promise<Release>;
  /** Show the feature flags. */
  getFeatures(): Promise<Array<Feature>>;
  /** Switch a feature flag that the release has. */
  setFeature(body: SetFeatureBody): Promise<Array<Feature>>;
  /** List deliveries, oldest first. */
  listDeliveries(query?: { check?: number; project?: number; merge_request?: number; state?: "queued" | "delivered" | "blocked" | "gave_up" }): Promise<Array<Delivery>>;
  /** Wait until nothing is left to deliver. */
  flushDeliveries(body?: FlushDeliveriesBody): Promise<Flushed>;
  /** Show one delivery with its attempts. */
  getDelivery(delivery_id: string | number, ): Promise<Delivery>;
  /** Deliver again. */
  redeliver(delivery_id: string | number, body?: RedeliverBody): Promise<Delivery>;
  /** Let something happen to a merge request. */
  triggerEvent(body: TriggerEventBody): Promise<TriggeredEvent>;
  /** List the jobs that wait, in the order in which they will run. */
  listJobs(query?: { not_kind?: JobKind }): Promise<Array<Job>>;
  /** Run the jobs that are due. */
  runJobs(): Promise<JobsRun>;
  /** List audit events, oldest first. */
  listAuditEvents(query?: { project?: number; name?: string }): Promise<Array<AuditEvent>>;
  /** List the requests that no operation stands for, oldest first. */
  listSurprises(): Promise<Array<Surprise>>;
  /** List what happened, oldest first. */
  listJournal(query?: { kind?: "call" | "delivery"; operation?: string; user?: string; status?: string; since?: number; limit?: number }): Promise<JournalPage>;
  /** Forget what happened. */
  clearJournal(): Promise<void>;
  /** Write what happened as an HTTP Archive 1.2. */
  exportJournal(query?: { kind?: "call" | "delivery"; operation?: string; user?: string; status?: string; since?: number }): Promise<HAR>;
  /** List what clients are expected to do, oldest first, and whether they did. */
  listExpectations(): Promise<Array<Expectation>>;
  /** Say what clients are expected to do. */
  createExpectation(body: ExpectationBody): Promise<Expectation>;
  /** Remove all expectations. */
  deleteExpectations(): Promise<void>;
  /** Show an expectation, and whether it is met. */
  getExpectation(expectation: string | number, ): Promise<Expectation>;
  /** Remove an expectation. */
  deleteExpectation(expectation: string | number, ): Promise<void>;
  /** List what clients did that GitLab takes in silence and the contract does not know. */
  listNotes(query?: { user?: string; kind?: "unknown_parameter" | "coerced" | "no_list" | "repeated" | "body_unread" | "deprecated" }): Promise<ClientNotes>;
  /** Forget all notes. */
  clearNotes(): Promise<void>;
  /** Show what clients exercised of the contract. */
  getCoverage(query?: { format?: "json" | "text" | "html" }): Promise<Coverage>;
  /** Forget what clients exercised. */
  clearCoverage(): Promise<void>;
  /** List the plans in force, oldest first, with what became of them. */
  listFaultPlans(): Promise<Array<FaultPlan>>;
  /** Put a plan in force. */
  createFaultPlan(body: FaultPlanBody): Promise<FaultPlan>;
  /** Take all plans out of force. */
  deleteFaultPlans(): Promise<void>;
  /** Show a plan and what became of it. */
  getFaultPlan(plan: string | number, ): Promise<FaultPlan>;
  /** Take a plan out of force. */
  deleteFaultPlan(plan: string | number, ): Promise<void>;
  /** Let a plan begin anew, its counts and its chance. */
  resetFaultPlan(plan: string | number, ): Promise<FaultPlan>;
  /** List the worlds beside that of the root, by name. */
  listWorlds(): Promise<Array<World>>;
  /** Make a world. */
  createWorld(body: NewWorldBody): Promise<World>;
  /** Show a world. */
  getWorld(world: string | number, ): Promise<World>;
  /** Drop a world. */
  deleteWorld(world: string | number, ): Promise<void>;
  /** Take the world over as it was saved last. */
  claim(): Promise<void>;
  /** List the snapshots of the world, by name. */
  listSnapshots(): Promise<Array<Snapshot>>;
  /** Keep the world as it is now. */
  takeSnapshot(body: TakeSnapshotBody): Promise<Snapshot>;
  /** Forget a snapshot. */
  deleteSnapshot(snapshot: string | number, ): Promise<void>;
  /** Make the world what it was when the snapshot was taken. */
  restoreSnapshot(snapshot: string | number, ): Promise<void>;
}

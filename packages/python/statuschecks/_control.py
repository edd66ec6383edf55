"""The control surface. Generated from openapi/control.yaml; do not edit."""

# fmt: off
# ruff: noqa: E501
from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, TypedDict, Union
from urllib.parse import quote

SeedText = str

SeedBody = Dict[str, Any]


class Problem(TypedDict, total=False):
    error: str
    problems: List[str]



class Thing(TypedDict, total=False):
    """One row of the state. The keys are those of the mock's own model and may grow."""

    id: int


Things = List["Thing"]


class State(TypedDict, total=False):
    """Further lists may be there."""

    version: str
    clock: Clock
    licence: Licence
    users: Things
    groups: Things
    projects: Things
    merge_requests: Things
    external_status_checks: Things
    status_check_responses: Things
    dropped: Dropped



class Dropped(TypedDict, total=False):
    """How many made room for newer ones since the world was seeded, as the lists are bounded."""

    deliveries: int
    audit_events: int
    surprises: int



class Seeded(TypedDict, total=False):
    users: int
    groups: int
    projects: int
    merge_requests: int
    external_status_checks: int


Duration = str


class Clock(TypedDict, total=False):
    mode: ClockMode
    now: str
    offset: Duration


ClockMode = Literal["real", "offset", "frozen"]


class SetClockBody(TypedDict, total=False):
    mode: Literal["real", "offset", "frozen"]
    now: str
    offset: str



class AdvanceClockBody(TypedDict, total=False):
    """Either by how much or to when; never back."""

    by: str
    to: str
    wait: Wait



class TriggerEventBody(TypedDict, total=False):
    event: EventName
    project: int
    merge_request: int
    check: int
    user: str
    wait: Wait


EventName = Literal["open", "push", "update", "close", "reopen", "approve", "unapprove", "merge", "retry", "timeout"]


class TriggeredEvent(TypedDict, total=False):
    event: EventName
    user: str
    merge_request: Thing
    deliveries: List[int]
    clock: Clock



class FlushDeliveriesBody(TypedDict, total=False):
    wait: Wait


Wait = str


class Licence(TypedDict, total=False):
    licensed: bool
    projects: List[Dict[str, Any]]



class SetLicenceBody(TypedDict, total=False):
    licensed: Optional[bool]
    project: Union[str, int]



class SHARequirement(TypedDict, total=False):
    required: bool
    locked: bool
    namespaces: List[Dict[str, Any]]



class SetSHARequirementBody(TypedDict, total=False):
    required: Optional[bool]
    locked: bool
    namespace: Union[str, int]


WriteMode = Literal["allowed", "maintenance", "read_only"]


class Writing(TypedDict, total=False):
    mode: WriteMode
    message: str



class SetWritingBody(TypedDict, total=False):
    mode: WriteMode
    message: str



class Release(TypedDict, total=False):
    version: str
    oldest: str
    newest: str
    changes: List[str]



class SetReleaseBody(TypedDict, total=False):
    version: str
    features: Dict[str, bool]



class Feature(TypedDict, total=False):
    name: str
    enabled: bool
    switchable: bool
    default: bool
    since: str
    removed: str
    what: str



class SetFeatureBody(TypedDict, total=False):
    name: str
    enabled: bool



class World(TypedDict, total=False):
    name: str
    path: str
    url: str
    version: str
    created_at: str
    last_used_at: str
    expires_after: Duration



class NewWorldBody(TypedDict, total=False):
    name: str
    seed: SeedBody
    snapshot: str
    version: str
    features: Dict[str, bool]
    licensed: bool
    expires_after: str



class TakeSnapshotBody(TypedDict, total=False):
    name: str



class Snapshot(TypedDict, total=False):
    name: str
    taken_at: str
    version: str



class FaultPlanBody(TypedDict, total=False):
    id: str
    seed: int
    faults: List[Fault]



class FaultPlan(TypedDict, total=False):
    id: str
    seed: int
    faults: List[Fault]
    counts: List[FaultCount]
    used_up: bool



class FaultCount(TypedDict, total=False):
    matched: int
    happened: int



class Fault(TypedDict, total=False):
    calls: FaultCalls
    deliveries: Dict[str, Any]
    delivery: Literal["duplicated", "late", "out_of_order", "lost", "wrong_signature"]
    first: int
    every: int
    chance: float
    times: int
    until: str
    after: bool
    delay: str
    trickle: str
    response: FaultResponse
    headers: FaultHeaders
    ids_as_text: bool
    stale_etag: bool
    paging: Literal["relative_link", "same_page"]
    connection: Literal["reset", "close", "close_after", "close_idle", "cut", "cut_chunked", "extra_bytes", "nothing_listens"]
    idle: str
    down: str
    cut_after: int



class FaultCalls(TypedDict, total=False):
    """The calls that a fault can happen to. All that is given must fit."""

    operation: str
    method: str
    path: str
    user: str
    role: Literal["guest", "planner", "reporter", "developer", "maintainer", "owner", "admin"]
    project: str
    page: int
    on_connection: int



class FaultResponse(TypedDict, total=False):
    """What is sent in place of the real response."""

    status: int
    reason: str
    body: Literal["gitlab", "nginx", "login", "empty", "null"]
    text: str
    type: str



class FaultHeaders(TypedDict, total=False):
    """Changes of the headers. In values ${epoch+N} and ${date+N} stand for the mock's time and N seconds, in seconds since 1970 or as a date of HTTP, and ${path} for the path that was called."""

    set: Dict[str, str]
    drop: List[str]



class RateLimits(TypedDict, total=False):
    limits: List[Dict[str, Any]]
    windows: List[Dict[str, Any]]


RateLimitName = Literal["throttle_authenticated_api", "throttle_unauthenticated_api", "project_api", "projects_api", "projects_api_rate_limit_unauthenticated", "project_members_api", "members_delete", "notes_create", "users_get_by_id", "groups_api", "group_api"]


class SetRateLimitsBody(TypedDict, total=False):
    limits: List[Dict[str, Any]]



class ExpectationBody(TypedDict, total=False):
    """All that is given must hold. Where only calls is given, there must be at least one such call."""

    id: str
    calls: ExpectedCalls
    since: int
    times: int
    at_least: int
    at_most: int
    order: List[ExpectedCalls]
    waits: bool



class Expectation(TypedDict, total=False):
    id: str
    calls: ExpectedCalls
    since: int
    times: int
    at_least: int
    at_most: int
    order: List[ExpectedCalls]
    waits: bool
    met: bool
    matched: int
    why: str
    near: List[Dict[str, Any]]


ExpectedCalls = Dict[str, Any]


class ClientNotes(TypedDict, total=False):
    notes: List[Dict[str, Any]]
    dropped: int



class Coverage(TypedDict, total=False):
    format: Literal[1]
    releases: CoveredItems
    operations: List[Dict[str, Any]]


CoveredItems = List[Dict[str, Any]]


class JournalPage(TypedDict, total=False):
    entries: List[JournalEntry]
    next: int
    more: bool
    dropped: int



class JournalEntry(TypedDict, total=False):
    number: int
    kind: Literal["call", "delivery"]
    operation: str
    release: str
    method: str
    path: str
    url: str
    query: KeptParameters
    body: KeptParameters
    graphql: List[Dict[str, Any]]
    user: str
    token: str
    address: str
    connection: int
    on_connection: int
    at: str
    real: str
    took: Duration
    since_connection: Duration
    since_caller: Duration
    request_headers: KeptHeaders
    request_size: int
    status: int
    response_headers: KeptHeaders
    response_size: int
    worked: bool
    reason: str
    fault: str
    attempt: Dict[str, Any]


KeptParameters = Dict[str, Any]

KeptHeaders = Dict[str, str]


class HAR(TypedDict, total=False):
    log: Dict[str, Any]



class Delivery(TypedDict, total=False):
    id: int
    check_id: int
    hook_id: int
    event: str
    project_id: int
    merge_request_id: int
    merge_request_iid: int
    action: str
    url: str
    state: Literal["queued", "delivered", "blocked", "gave_up"]
    created_at: str
    due: str
    redelivery_of: Optional[int]
    signature: str
    body: str
    attempts: List[Attempt]



class Attempt(TypedDict, total=False):
    """One try. Either status or error is set."""

    at: str
    duration: Duration
    method: str
    url: str
    request_headers: Headers
    status: int
    response_headers: Headers
    response_body: str
    error: str


Headers = Dict[str, List[str]]


class RedeliverBody(TypedDict, total=False):
    fresh: bool



class Flushed(TypedDict, total=False):
    attempts: int
    queued: int


JobKind = Literal["prepare_merge_request", "insert_pending_responses", "refresh_merge_requests", "check_mergeability", "execute_hooks", "process_auto_merge", "time_out_response", "destroy_project", "destroy_marked_project", "destroy_group", "fork_repository", "process_pipeline", "update_head_pipeline"]


class Job(TypedDict, total=False):
    id: int
    kind: JobKind
    due: str
    created_at: str
    user_id: int
    project_id: int
    merge_request_id: int
    check_id: int
    response_id: int
    sha: str
    branch: str
    old_sha: str
    new_sha: str
    action: str



class JobsRun(TypedDict, total=False):
    ran: int
    waiting: int


AuditEvent = Dict[str, Any]


class Surprise(TypedDict, total=False):
    method: str
    path: str
    at: str
    nearest: List[str]



class Control:
    """The control surface of a mock: what a test may ask of it that GitLab itself would not do."""

    def request(self, method: str, path: str, query: Any = None, body: object = None) -> Any:
        """Send a request."""
        raise NotImplementedError

    def get_state(self) -> State:
        """Show all that is in the world."""
        return self.request("GET", f"/state")

    def export_seed(self) -> SeedText:
        """Export the world as a seed."""
        return self.request("GET", f"/seed")

    def seed(self, body: SeedBody) -> Seeded:
        """Replace the world by what a seed says."""
        return self.request("POST", f"/seed", body=body)

    def reset(self) -> None:
        """Put the world back to how it began."""
        self.request("POST", f"/reset")

    def get_clock(self) -> Clock:
        """Show the clock."""
        return self.request("GET", f"/clock")

    def set_clock(self, body: SetClockBody) -> Clock:
        """Make the clock go in another way."""
        return self.request("PUT", f"/clock", body=body)

    def advance_clock(self, body: AdvanceClockBody) -> Clock:
        """Let time pass."""
        return self.request("POST", f"/clock/advance", body=body)

    def get_licence(self) -> Licence:
        """Show the licence."""
        return self.request("GET", f"/licence")

    def set_licence(self, body: SetLicenceBody) -> Licence:
        """Give or take the licence."""
        return self.request("PUT", f"/licence", body=body)

    def get_sha_requirement(self) -> SHARequirement:
        """Show whether merging by API needs the commit."""
        return self.request("GET", f"/sha_requirement")

    def set_sha_requirement(self, body: SetSHARequirementBody) -> SHARequirement:
        """Say whether merging by API needs the commit."""
        return self.request("PUT", f"/sha_requirement", body=body)

    def get_writing(self) -> Writing:
        """Show whether anything can be changed by GitLab's API."""
        return self.request("GET", f"/writing")

    def set_writing(self, body: SetWritingBody) -> Writing:
        """Put the instance under maintenance, make its database read-only, or end that."""
        return self.request("PUT", f"/writing", body=body)

    def get_rate_limits(self) -> RateLimits:
        """Show the rate limits that are on, and what was counted."""
        return self.request("GET", f"/rate_limits")

    def set_rate_limits(self, body: SetRateLimitsBody) -> RateLimits:
        """Switch these rate limits on, and all others off."""
        return self.request("PUT", f"/rate_limits", body=body)

    def get_release(self) -> Release:
        """Show which release of GitLab it is, and what of GitLab's history that has."""
        return self.request("GET", f"/release")

    def set_release(self, body: SetReleaseBody) -> Release:
        """Make the world one of another release."""
        return self.request("PUT", f"/release", body=body)

    def get_features(self) -> List[Feature]:
        """Show the feature flags."""
        return self.request("GET", f"/features")

    def set_feature(self, body: SetFeatureBody) -> List[Feature]:
        """Switch a feature flag that the release has."""
        return self.request("PUT", f"/features", body=body)

    def list_deliveries(self, *, check: int | None = None, project: int | None = None, merge_request: int | None = None, state: Literal["queued", "delivered", "blocked", "gave_up"] | None = None) -> List[Delivery]:
        """List deliveries, oldest first."""
        return self.request("GET", f"/deliveries", query={"check": check, "project": project, "merge_request": merge_request, "state": state})

    def flush_deliveries(self, body: FlushDeliveriesBody = {}) -> Flushed:
        """Wait until nothing is left to deliver."""
        return self.request("POST", f"/deliveries/flush", body=body)

    def get_delivery(self, delivery_id: Union[str, int]) -> Delivery:
        """Show one delivery with its attempts."""
        return self.request("GET", f"/deliveries/{quote(str(delivery_id), safe='')}")

    def redeliver(self, delivery_id: Union[str, int], body: RedeliverBody = {}) -> Delivery:
        """Deliver again."""
        return self.request("POST", f"/deliveries/{quote(str(delivery_id), safe='')}/redeliver", body=body)

    def trigger_event(self, body: TriggerEventBody) -> TriggeredEvent:
        """Let something happen to a merge request."""
        return self.request("POST", f"/events", body=body)

    def list_jobs(self, *, not_kind: JobKind | None = None) -> List[Job]:
        """List the jobs that wait, in the order in which they will run."""
        return self.request("GET", f"/jobs", query={"not_kind": not_kind})

    def run_jobs(self) -> JobsRun:
        """Run the jobs that are due."""
        return self.request("POST", f"/jobs/run")

    def list_audit_events(self, *, project: int | None = None, name: str | None = None) -> List[AuditEvent]:
        """List audit events, oldest first."""
        return self.request("GET", f"/audit_events", query={"project": project, "name": name})

    def list_surprises(self) -> List[Surprise]:
        """List the requests that no operation stands for, oldest first."""
        return self.request("GET", f"/surprises")

    def list_journal(self, *, kind: Literal["call", "delivery"] | None = None, operation: str | None = None, user: str | None = None, status: str | None = None, since: int | None = None, limit: int | None = None) -> JournalPage:
        """List what happened, oldest first."""
        return self.request("GET", f"/journal", query={"kind": kind, "operation": operation, "user": user, "status": status, "since": since, "limit": limit})

    def clear_journal(self) -> None:
        """Forget what happened."""
        self.request("DELETE", f"/journal")

    def export_journal(self, *, kind: Literal["call", "delivery"] | None = None, operation: str | None = None, user: str | None = None, status: str | None = None, since: int | None = None) -> HAR:
        """Write what happened as an HTTP Archive 1.2."""
        return self.request("GET", f"/journal.har", query={"kind": kind, "operation": operation, "user": user, "status": status, "since": since})

    def list_expectations(self) -> List[Expectation]:
        """List what clients are expected to do, oldest first, and whether they did."""
        return self.request("GET", f"/expectations")

    def create_expectation(self, body: ExpectationBody) -> Expectation:
        """Say what clients are expected to do."""
        return self.request("POST", f"/expectations", body=body)

    def delete_expectations(self) -> None:
        """Remove all expectations."""
        self.request("DELETE", f"/expectations")

    def get_expectation(self, expectation: Union[str, int]) -> Expectation:
        """Show an expectation, and whether it is met."""
        return self.request("GET", f"/expectations/{quote(str(expectation), safe='')}")

    def delete_expectation(self, expectation: Union[str, int]) -> None:
        """Remove an expectation."""
        self.request("DELETE", f"/expectations/{quote(str(expectation), safe='')}")

    def list_notes(self, *, user: str | None = None, kind: Literal["unknown_parameter", "coerced", "no_list", "repeated", "body_unread", "deprecated"] | None = None) -> ClientNotes:
        """List what clients did that GitLab takes in silence and the contract does not know."""
        return self.request("GET", f"/notes", query={"user": user, "kind": kind})

    def clear_notes(self) -> None:
        """Forget all notes."""
        self.request("DELETE", f"/notes")

    def get_coverage(self, *, format: Literal["json", "text", "html"] | None = None) -> Coverage:
        """Show what clients exercised of the contract."""
        return self.request("GET", f"/coverage", query={"format": format})

    def clear_coverage(self) -> None:
        """Forget what clients exercised."""
        self.request("DELETE", f"/coverage")

    def list_fault_plans(self) -> List[FaultPlan]:
        """List the plans in force, oldest first, with what became of them."""
        return self.request("GET", f"/faults")

    def create_fault_plan(self, body: FaultPlanBody) -> FaultPlan:
        """Put a plan in force."""
        return self.request("POST", f"/faults", body=body)

    def delete_fault_plans(self) -> None:
        """Take all plans out of force."""
        self.request("DELETE", f"/faults")

    def get_fault_plan(self, plan: Union[str, int]) -> FaultPlan:
        """Show a plan and what became of it."""
        return self.request("GET", f"/faults/{quote(str(plan), safe='')}")

    def delete_fault_plan(self, plan: Union[str, int]) -> None:
        """Take a plan out of force."""
        self.request("DELETE", f"/faults/{quote(str(plan), safe='')}")

    def reset_fault_plan(self, plan: Union[str, int]) -> FaultPlan:
        """Let a plan begin anew, its counts and its chance."""
        return self.request("POST", f"/faults/{quote(str(plan), safe='')}/reset")

    def list_worlds(self) -> List[World]:
        """List the worlds beside that of the root, by name."""
        return self.request("GET", f"/worlds")

    def create_world(self, body: NewWorldBody) -> World:
        """Make a world."""
        return self.request("POST", f"/worlds", body=body)

    def get_world(self, world: Union[str, int]) -> World:
        """Show a world."""
        return self.request("GET", f"/worlds/{quote(str(world), safe='')}")

    def delete_world(self, world: Union[str, int]) -> None:
        """Drop a world."""
        self.request("DELETE", f"/worlds/{quote(str(world), safe='')}")

    def claim(self) -> None:
        """Take the world over as it was saved last."""
        self.request("POST", f"/claim")

    def list_snapshots(self) -> List[Snapshot]:
        """List the snapshots of the world, by name."""
        return self.request("GET", f"/snapshots")

    def take_snapshot(self, body: TakeSnapshotBody) -> Snapshot:
        """Keep the world as it is now."""
        return self.request("POST", f"/snapshots", body=body)

    def delete_snapshot(self, snapshot: Union[str, int]) -> None:
        """Forget a snapshot."""
        self.request("DELETE", f"/snapshots/{quote(str(snapshot), safe='')}")

    def restore_snapshot(self, snapshot: Union[str, int]) -> None:
        """Make the world what it was when the snapshot was taken."""
        self.request("POST", f"/snapshots/{quote(str(snapshot), safe='')}/restore")

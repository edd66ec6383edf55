// Package scenario is the language of scenarios. It describes what a scenario file contains, reads and checks such
// files, and compares a response with what a scenario expects. It sends nothing and knows no server.
//
// Load reads files strictly and reports every problem with its position. Format writes scenarios in the form that Load
// reads.
package scenario

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/statuschecks/statuschecks/release"
)

// Level says what a difference from a scenario means for the verdict.
type Level string

const (
	// Must marks what GitLab asserts or states in its source: a deviation makes the target not conformant.
	Must Level = "must"
	// Should marks what a client may count on although no source asserts it: a deviation is shown, no more.
	Should Level = "should"
	// Observed marks what was derived by reading: a deviation is reported as a difference, never as a failure.
	Observed Level = "observed"
)

// Levels are the levels from the heaviest to the lightest.
var Levels = []Level{Must, Should, Observed}

// Isolation says which project a scenario uses.
type Isolation string

const (
	// Shared lets scenarios work side by side in one project, each on a merge request of its own.
	Shared Isolation = "shared"
	// OwnProject gives the scenario a project that nothing else touches; needed where a list must be exact.
	OwnProject Isolation = "project"
)

// Role is the role of the user who sends a request.
type Role string

// The roles a step may name. Guest to Owner are members of the scenario's project, Stranger is a member
// of another project only, Admin is an administrator who is no member, Creator is who made the project.
const (
	Anonymous  Role = "anonymous"
	Stranger   Role = "stranger"
	Guest      Role = "guest"
	Planner    Role = "planner"
	Reporter   Role = "reporter"
	Developer  Role = "developer"
	Maintainer Role = "maintainer"
	Owner      Role = "owner"
	Admin      Role = "admin"
	Creator    Role = "creator"
)

// Roles are all roles, from the one that may least.
var Roles = []Role{Anonymous, Stranger, Guest, Planner, Reporter, Developer, Maintainer, Owner, Admin, Creator}

// accessLevels are GitLab's numbers for the roles that members have.
var accessLevels = map[Role]int{Guest: 10, Planner: 15, Reporter: 20, Developer: 30, Maintainer: 40, Owner: 50}

// AccessLevel is GitLab's number for what a member with the role may do; 0 for a role of nobody who is a member.
func (r Role) AccessLevel() int { return accessLevels[r] }

// The needs a scenario may state. Further needs follow from its steps and are not written down.
const (
	NeedClock      = "clock"      // the target's clock can be moved
	NeedLicence    = "licence"    // the target's licence can be switched
	NeedSHASwitch  = "sha switch" // it can be demanded that merging names the commit; follows from the steps
	NeedUnlicensed = "unlicensed" // the target has no licence, or one that can be switched off
	NeedReceiver   = "receiver"   // the target's deliveries reach our receiver
	NeedAdmin      = "admin"      // the token given is an administrator's
	NeedControl    = "control"    // the target has a mock's control surface
)

var needs = []string{
	NeedClock, NeedLicence, NeedUnlicensed, NeedReceiver, NeedAdmin, NeedControl, NeedAnswers, NeedPending, NeedLists,
	NeedWrites, NeedSecret,
}

// Position is a place in a scenario file; lines and columns count from 1.
type Position struct {
	File         string
	Line, Column int
}

// String is "file:line:column", without the parts that are unknown.
func (p Position) String() string {
	text := p.File
	if p.Line > 0 {
		text += ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	}
	return text
}

// Scenario is one fact about the API, with the steps that show it.
type Scenario struct {
	Position Position
	ID       string   // permanent, such as "respond.stale-sha"
	Summary  string   // one sentence
	Level    Level    // how much a deviation weighs
	Evidence string   // how the fact is known: S, V, R, D or U
	Source   string   // where the fact stands
	Why      string   // why a client cares; may be empty
	Area     string   // the folder of its file
	Tags     []string // for selection, beside the area
	Since    release.Version
	Until    release.Version // the last version that behaves so
	Patches  Patches         // of minors that changed in a patch
	Needs    []string

	Isolation Isolation
	Given     Given
	Steps     []Step
}

// Given describes what exists before the first step.
type Given struct {
	Project      ProjectGiven
	Branches     []BranchGiven
	Checks       []CheckGiven
	MergeRequest *MergeRequestGiven // nil means none
	Tokens       []TokenGiven
	Replies      []ReplyGiven
	Members      []MemberGiven
	Other        bool // a second project with a check, a protected branch and a merge request
}

// ProjectGiven describes the scenario's project.
type ProjectGiven struct {
	Visibility string         // "private", "internal" or "public"
	Settings   map[string]any // attributes of updateProject; own project only
	// "top" or "below": in the run's group at the top, or in a subgroup of it; own project only; empty means in neither
	Group string
}

// BranchGiven is a branch that is created from the default branch.
type BranchGiven struct {
	Key       string
	Name      string // empty means a name made from run, scenario and key
	Protected bool
	Wildcard  bool // protect the name as a pattern and create no branch
	Group     bool // protected in the run's group instead of the project
}

// CheckGiven is an external status check of the project.
type CheckGiven struct {
	Key         string
	Name        string   // empty means a name made from run, scenario and key
	ExternalURL string   // empty means an address of its own at the receiver
	Secret      string   // the shared secret; empty means none
	Branches    []string // keys of branches, or "main"; empty means all
	Before      bool     // made before the merge request, so that GitLab adds a pending row
}

// MergeRequestGiven is the scenario's merge request, with its own source branch.
type MergeRequestGiven struct {
	Target   string // key of a branch; empty means the default branch
	Author   Role   // empty means Creator
	Assignee Role   // empty means nobody
	Draft    bool
	Fork     bool // its source branch is in a fork of the project
}

// TokenGiven is a project access token, in addition to those of the roles.
type TokenGiven struct {
	Key     string
	Role    Role // whose access level it has; empty means Maintainer
	Scopes  []string
	Days    int  // until it expires; 0 means a week
	Revoked bool // revoked before the first step
}

// ReplyGiven is what the receiver answers at one of its URLs, from the first step to the last.
type ReplyGiven struct {
	Key     string // of a check, or of an address that another reply sends the target to
	Status  int
	Headers map[string]string
	Body    any // text as it is, anything else as JSON; when HasBody
	HasBody bool
	After   time.Duration // the answer is held back for so long
	Close   bool          // the connection is closed without an answer
}

// Describe says in a few words what the target gets.
func (r *ReplyGiven) Describe() string {
	text := "answers " + strconv.Itoa(r.Status)
	if r.Close {
		text = "closes the connection"
	}
	if r.After > 0 {
		text += " after " + r.After.String()
	}
	return text
}

// MemberGiven is a new user, whom an administrator creates. If it has abilities, the user gets a custom role that
// adds them to the access level. The project is then in a group, because custom roles exist only in groups.
type MemberGiven struct {
	Key       string
	Role      Role     // whose access level it is
	Abilities []string // permissions of createMemberRole; none means no custom role
	Group     bool     // a member of a group of their own, not of the project
}

// Step is one action of a scenario.
type Step struct {
	Position Position
	Note     string
	As       Role // empty means Maintainer

	Call    string // operationId
	With    map[string]any
	Query   map[string]any
	Encode  string // "json" (also when empty), "form", "multipart" or "query"
	JSON    any    // the whole body, when HasJSON
	HasJSON bool
	Headers map[string]any
	Raw     *Raw
	Lenient bool    // the request departs from the contract on purpose, and the target takes it
	Breaks  *Breach // what the request breaks on purpose, in a scenario of Negatives; nil means nothing
	Expect  *Expect
	Capture map[string]*Capture
	OrSkip  string        // what the target is like if Expect does not hold, in which case the scenario is left out
	Await   time.Duration // repeat the call until Expect holds, for at most so long; 0 means once

	Let     *Let
	Receive *Receive
	Push    *Push

	// of scenarios that judge an external service
	Answer  *AnswerStep
	Calls   *Calls
	Deliver *Deliver
	Fault   map[string]any // a fault of a plan, as docs/faults.md has it, that meets only the service's calls
	Secrets string         // "kept": the service has told nobody its token or its shared secret
}

// Kind returns the key of the action, such as "call" or "receive".
func (s *Step) Kind() string {
	switch {
	case s.Answer != nil:
		return "answer"
	case s.Calls != nil:
		return "calls"
	case s.Deliver != nil:
		return "deliver"
	case s.Fault != nil:
		return "fault"
	case s.Secrets != "":
		return "secrets"
	case s.Let != nil:
		return "let"
	case s.Receive != nil:
		return "receive"
	case s.Push != nil:
		return "push"
	}
	return "call"
}

// Raw changes a request in ways that the contract does not allow.
type Raw struct {
	Method  string // instead of the operation's
	API     string // the path of the API instead of its own, such as "/api/v3"
	Prefix  string // put before the operation's path
	Suffix  string // put behind the operation's path
	Query   string // the literal query string
	Body    string // the literal body
	Parts   []Part // instead of Body, when it is written in parts
	HasBody bool
	Chunked bool // send the body without its length
	NoType  bool // send the body without a Content-Type
	// of path parameters: "letters" escapes letters and digits too, "lower-case" writes escapes as %2f; empty means
	// neither
	Escape string
}

// Expect describes the expected response.
type Expect struct {
	Status  []int
	Headers map[string]*Pattern
	Body    *Pattern // nil means any body
	Text    *Pattern // of the body as it came, which need not be JSON; nil means any
	Empty   bool     // the body has no byte
}

// Let changes something around the target, such as its clock.
type Let struct {
	Pass     time.Duration // time that passes; 0 means none
	Freeze   bool          // the target's clock stands still from now on, but for Pass
	Licensed *bool         // switch the licence; nil leaves it
	// RequireSHA says whether merging in the project's namespace must name the commit; nil leaves it.
	RequireSHA *bool
}

// Receive expects a delivery at the receiver.
type Receive struct {
	Check string
	// the key of a reply, where the check's own address sent the target on; empty means that address
	At      string
	Method  string        // empty means POST
	Within  time.Duration // 0 means 30 seconds, or 3 seconds with None
	None    bool          // nothing of this kind may arrive
	Headers map[string]*Pattern
	Body    *Pattern // nil means any body
	Signed  *bool    // whether a valid signature must be there; nil does not ask
	// how the service must have taken it, one of the receptions; empty does not ask
	Answered string
	Capture  map[string]*Capture
}

// Address is the key of the address at which deliveries are looked for.
func (r *Receive) Address() string { return cmp.Or(r.At, r.Check) }

// Place names it to people.
func (r *Receive) Place() string {
	if r.At == "" {
		return r.Check
	}
	return r.Check + " at " + r.At
}

// Push adds a commit to the source branch, and waits until it is the head of the merge request.
type Push struct {
	Message string
}

// Roles are the roles that the scenario needs an identity for, in the order of Roles.
func (s *Scenario) Roles() []Role {
	used := map[Role]bool{}
	for i := range s.Steps {
		if s.Steps[i].Kind() == "call" {
			used[s.Steps[i].As] = true
		}
	}
	if mr := s.Given.MergeRequest; mr != nil {
		used[mr.Author], used[mr.Assignee] = true, true
	}
	for i := range s.Given.Tokens {
		used[s.Given.Tokens[i].Role] = true
	}
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !used[r] })
}

// Need tells whether the scenario needs a capability, by statement or by its steps.
func (s *Scenario) Need(name string) bool {
	if slices.Contains(s.Needs, name) {
		return true
	}
	switch name {
	case NeedService:
		return s.needsService()
	case NeedReceiver:
		return len(s.Given.Replies) > 0 ||
			slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Receive != nil })
	case NeedAdmin:
		return len(s.Given.Members) > 0 || s.WithAdmin()
	case NeedLicence:
		return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Let != nil && step.Let.Licensed != nil })
	case NeedSHASwitch:
		return slices.ContainsFunc(s.Steps, func(step Step) bool {
			return step.Let != nil &&
				step.Let.RequireSHA != nil
		})
	case NeedClock:
		return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Let != nil && step.Let.Freeze })
	}
	return false
}

// WithAdmin tells whether an administrator who is no member plays a part.
func (s *Scenario) WithAdmin() bool {
	return slices.Contains(s.Roles(), Admin) || slices.Contains(s.Needs, NeedAdmin)
}

// WithCustomRoles tells whether somebody in the scenario has a custom role.
func (s *Scenario) WithCustomRoles() bool {
	return slices.ContainsFunc(s.Given.Members, func(m MemberGiven) bool { return len(m.Abilities) > 0 })
}

// Calls tells whether a step calls an operation.
func (s *Scenario) Calls(operation string) bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Call == operation })
}

// Passes is the time that the scenario lets pass in all.
func (s *Scenario) Passes() time.Duration {
	var sum time.Duration
	for i := range s.Steps {
		if s.Steps[i].Let != nil {
			sum += s.Steps[i].Let.Pass
		}
	}
	return sum
}

// Where a scenario's project stands, if it stands in a group of the run.
const (
	InTopGroup    = "top"
	BelowTopGroup = "below"
)

// NeedsGroup tells whether a scenario works with the run's group.
func (s *Scenario) NeedsGroup() bool {
	return s.Given.Project.Group != "" || slices.ContainsFunc(s.Given.Branches,
		func(b BranchGiven) bool { return b.Group })
}

// MakesGroup tells whether a group must be made for a scenario.
func (s *Scenario) MakesGroup() bool {
	return s.NeedsGroup() || s.WithCustomRoles() || slices.ContainsFunc(s.Given.Members,
		func(m MemberGiven) bool { return m.Group })
}

// The ways of a step to escape path parameters otherwise than most clients do.
const (
	EscapeLetters   = "letters"
	EscapeLowerCase = "lower-case"
)

// Breach is the only rule of the contract that a request breaks on purpose.
type Breach struct {
	Parameter string
	Rule      string // the code of the contract's violation, such as "required" or "type"
}

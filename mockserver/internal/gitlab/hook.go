package gitlab

import (
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// HookEvent names a kind of event, as the attributes of a webhook do.
type HookEvent string

// The kinds of events that happen in this GitLab.
const (
	PushEvents             HookEvent = "push_events"
	TagPushEvents          HookEvent = "tag_push_events" // only in tests of webhooks
	MergeRequestsEvents    HookEvent = "merge_requests_events"
	NoteEvents             HookEvent = "note_events"
	ConfidentialNoteEvents HookEvent = "confidential_note_events"
)

// The ways in which the branch filter of a webhook can be read.
const (
	FilterByWildcard = "wildcard"
	FilterByRegexp   = "regex"
	FilterNothing    = "all_branches"
)

// ProjectHook is a webhook of a project: an address that is told of events.
type ProjectHook struct {
	ID             HookID
	ProjectID      ProjectID
	URL            string
	Name           string
	Description    string
	Token          string             // never shown; sent with each delivery
	SigningToken   string             // never shown; deliveries are signed with it
	Events         map[HookEvent]bool // what is not in it was never chosen
	BranchFilter   string             // of push events; empty means all branches
	FilterStrategy string
	VerifiesTLS    bool
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

var hookTable = newTable([]index[ProjectHook]{
	{"id", func(h ProjectHook) string { return key(h.ID) }},
	{"project", func(h ProjectHook) string { return key(h.ProjectID) }},
})

// ProjectHook looks up a webhook of a project. It refuses with RecordNotFound.
func (tx *Tx) ProjectHook(p ProjectID, id HookID) (ProjectHook, error) {
	h, ok := first(tx, hookTable, "id", key(id))
	if !ok || h.ProjectID != p {
		return ProjectHook{}, refuse(RecordNotFound, "project %d has no webhook %d", p, id)
	}
	return h, nil
}

// ProjectHooks lists a project's webhooks by id.
func (tx *Tx) ProjectHooks(p ProjectID) []ProjectHook { return all(tx, hookTable, "project", key(p)) }

// ProjectHookChange is what creating or updating a webhook sets. What is nil or missing is not changed.
type ProjectHookChange struct {
	URL, Name, Description, Token, SigningToken, BranchFilter, FilterStrategy *string

	VerifiesTLS *bool
	Events      map[HookEvent]bool
}

// CreateProjectHook adds a webhook. It refuses with Rejected for a URL, a branch filter or a token that GitLab does not
// take. The rule of who may do it is the caller's.
//
// Source: app/services/web_hooks/create_service.rb, app/models/concerns/web_hooks/hook.rb.
func (tx *Tx) CreateProjectHook(p Project, change ProjectHookChange) (ProjectHook, error) {
	h := change.apply(ProjectHook{
		ProjectID: p.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now, FilterStrategy: FilterByWildcard, VerifiesTLS: true,
		Events: map[HookEvent]bool{PushEvents: true},
	})
	if err := tx.hookProblem(h); err != nil {
		return h, err
	}
	if problems := h.textProblems(); len(problems) > 0 {
		return h, refuseText(Rejected, sentence(problems), "what GitLab does not take as a token is refused")
	}
	h.ID = HookID(tx.next(hookSequence))
	insert(tx, hookTable, h)
	return h, nil
}

// UpdateProjectHook changes a webhook. A new URL forgets the token, unless a new token comes with it. It refuses with
// Rejected for a URL or a branch filter, and with InvalidAttributes for a token, that GitLab does not take.
//
// Source: lib/api/helpers/web_hooks_helpers.rb, app/models/concerns/web_hooks/hook.rb.
func (tx *Tx) UpdateProjectHook(h ProjectHook, change ProjectHookChange) (ProjectHook, error) {
	before := h
	if h = change.apply(h); h.URL != before.URL && change.Token == nil {
		h.Token = ""
	}
	if err := tx.hookProblem(h); err != nil {
		return h, err
	}
	if problems := h.textProblems(); len(problems) > 0 {
		r := badAttributes(problems)
		r.Kind = InvalidAttributes
		return h, r
	}
	h.UpdatedAt = tx.Now
	insert(tx, hookTable, h)
	return h, nil
}

// DeleteProjectHook removes a webhook with the log of its deliveries, those that wait among them.
//
// Source: app/services/web_hooks/destroy_service.rb.
func (tx *Tx) DeleteProjectHook(h ProjectHook) {
	for _, d := range tx.HookDeliveries(h.ID) {
		tx.forget(d)
	}
	remove(tx, hookTable, h)
}

func (c ProjectHookChange) apply(h ProjectHook) ProjectHook {
	for to, from := range map[*string]*string{
		&h.URL: c.URL, &h.Name: c.Name, &h.Description: c.Description, &h.Token: c.Token,
		&h.SigningToken: c.SigningToken, &h.BranchFilter: c.BranchFilter, &h.FilterStrategy: c.FilterStrategy,
	} {
		if from != nil {
			*to = *from
		}
	}
	if c.VerifiesTLS != nil {
		h.VerifiesTLS = *c.VerifiesTLS
	}
	h.Events = maps.Clone(h.Events)
	maps.Copy(h.Events, c.Events)
	switch h.FilterStrategy {
	case FilterNothing:
		h.BranchFilter = ""
	case FilterByWildcard:
		h.BranchFilter = strings.Join(strings.Fields(h.BranchFilter), " ")
	}
	return h
}

// urlVariable is a place in the URL of a webhook that stands for a variable. Hooks have no variables here, so GitLab
// misses its value.
var urlVariable = lazy.Regexp(`\{[A-Za-z]+[0-9]*(?:[._-][A-Za-z0-9]+)*\}`)

// longestHookText is how long the URL and the token of a webhook may be, in characters.
const longestHookText = 8192

// longestFilter is how long the branch filter of a webhook may be, in characters.
const longestFilter = 4000

// hookProblem refuses a URL or a branch filter.
//
// Source: app/models/concerns/web_hooks/hook.rb, app/validators/web_hooks/wildcard_branch_filter_validator.rb.
func (tx *Tx) hookProblem(h ProjectHook) error {
	problem := tx.externalURLProblem(h.URL)
	if urlVariable().MatchString(h.URL) {
		problem = "has a variable without a value"
	} else if problem == "" && tx.Settings().BlockLocalRequests && LocalHost(splitURL(h.URL).hostname()) {
		problem = "is on the local network"
	}
	if problem == "" && utf8.RuneCountInString(h.URL) > longestHookText {
		problem = fmt.Sprintf("is longer than %d characters", longestHookText)
	}
	if problem != "" {
		return refuseText(Rejected, "Invalid url given", "the URL of the webhook %s", problem)
	}
	if !h.filterIsValid() {
		return refuseText(Rejected, "Invalid branch filter given", "%q cannot name branches", h.BranchFilter)
	}
	return nil
}

func (h ProjectHook) filterIsValid() bool {
	switch {
	case blank(h.BranchFilter):
		return true
	case h.FilterStrategy == FilterByRegexp:
		_, err := regexp.Compile(h.BranchFilter)
		return err == nil
	}
	return validBranchName(strings.ReplaceAll(h.BranchFilter, "*", "x")) &&
		utf8.RuneCountInString(h.BranchFilter) <= longestFilter
}

// textProblems lists what is wrong with the tokens, the name and the description, by attribute.
//
// Source: app/models/concerns/web_hooks/hook.rb.
func (h ProjectHook) textProblems() map[string][]string {
	problems := map[string][]string{}
	for name, text := range map[string]struct {
		text string
		most int
	}{"token": {h.Token, longestHookText}, "name": {h.Name, 255}, "description": {h.Description, 2048}} {
		if utf8.RuneCountInString(text.text) > text.most {
			problems[name] = []string{fmt.Sprintf("is too long (maximum is %d characters)", text.most)}
		}
	}
	if strings.Contains(h.Token, "\n") {
		problems["token"] = append(problems["token"], "is invalid")
	}
	if h.SigningToken != "" && h.SigningKey() == nil {
		problems["signing_token"] = []string{"is invalid"}
	}
	return problems
}

// sentence joins problems as Rails joins the messages of a model.
func sentence(problems map[string][]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		text := strings.ReplaceAll(name, "_", " ")
		all = append(all, strings.ToUpper(text[:1])+text[1:]+" "+strings.Join(problems[name], " and "))
	}
	return strings.Join(all, " and ")
}

// signingPrefix is how a signing token begins; the key follows in Base64.
const signingPrefix = "whsec_"

// signingKeySize is the size of the key in a signing token, in bytes.
const signingKeySize = 32

// SigningKey is the key with which deliveries are signed. It is nil if the webhook has no signing token.
func (h ProjectHook) SigningKey() []byte {
	text, is := strings.CutPrefix(h.SigningToken, signingPrefix)
	key, err := base64.StdEncoding.Strict().DecodeString(text)
	if !is || err != nil || len(key) != signingKeySize {
		return nil
	}
	return key
}

// wants reports whether a webhook is told of a kind of event. The branch is that of a push.
//
// Source: app/models/hooks/active_hook_filter.rb.
func (h ProjectHook) wants(event HookEvent, branch string) bool {
	switch {
	case !h.Events[event]:
		return false
	case event != PushEvents || blank(h.BranchFilter) || h.FilterStrategy == FilterNothing:
		return true
	case h.FilterStrategy == FilterByRegexp:
		filter, err := regexp.Compile(h.BranchFilter)
		return err == nil && filter.MatchString(branch)
	}
	return wildcardMatch(h.BranchFilter, branch)
}

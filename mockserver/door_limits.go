package mockserver

import (
	"net/http"
	"strconv"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/ratelimit"
)

// limitRate refuses a request to the API if its caller has sent too many.
//
// Source: lib/gitlab/rack_attack.rb, lib/gitlab/rack_attack/request.rb, lib/gitlab/auth/auth_finders.rb.
func limitRate(a *arrival) *reply {
	if a.server == nil || !a.isAPI() {
		return nil
	}
	w := a.server.countRequest(a)
	if w == nil {
		return nil
	}
	a.window = w
	if !w.Exceeded() {
		return nil
	}
	left := w.Ends.Unix() - a.now.Unix() // whole seconds, so that who waits for so long has waited enough
	h := windowHeaders(w)
	h.Set("Retry-After", strconv.FormatInt(left, 10))
	h.Set("Ratelimit-Resettime", w.Ends.Format(http.TimeFormat))
	return &reply{
		status: http.StatusTooManyRequests, text: "Retry later\n", header: h, stop: atGrape,
		reason: w.Name + " allows " + strconv.Itoa(w.Requests) + " requests in " + w.Period.String() +
			", and this is number " + strconv.Itoa(w.Observed) + "; the window ends at " + w.Ends.Format(time.RFC3339),
	}
}

// windowHeaders are the headers of each response to a counted request.
func windowHeaders(w *ratelimit.Window) http.Header {
	return http.Header{
		"Ratelimit-Name":      {w.Name},
		"Ratelimit-Limit":     {strconv.FormatInt(w.PerMinute(), 10)},
		"Ratelimit-Observed":  {strconv.Itoa(w.Observed)},
		"Ratelimit-Remaining": {strconv.Itoa(w.Remaining())},
		"Ratelimit-Reset":     {strconv.FormatInt(w.Ends.Unix(), 10)},
	}
}

// limitHeaders returns headers that tell the caller how many requests are left. They belong to a request that was
// counted and not refused.
func (a *arrival) limitHeaders(h http.Header, status int) {
	if a.window == nil || status == http.StatusTooManyRequests || !a.has(gitlab.TellsOfRateLimits) {
		return
	}
	for name, values := range windowHeaders(a.window) {
		h[name] = values
	}
}

// countRequest counts a request for its user or, without a user, for its address.
func (s *Server) countRequest(a *arrival) (counted *ratelimit.Window) {
	limits := s.world.state.Settings().RateLimits
	if limits[gitlab.ThrottleAuthenticated].Off() && limits[gitlab.ThrottleUnauthenticated].Off() {
		return nil
	}
	_ = s.world.state.View(a.now, func(tx *gitlab.Tx) error {
		limiter, key := gitlab.ThrottleUnauthenticated, hostOnly(a.request.RemoteAddr)
		if user, known := signedIn(tx, a); known {
			limiter, key = gitlab.ThrottleAuthenticated, "user:"+strconv.FormatInt(int64(user), 10)
		}
		counted = s.world.count(limits, limiter, key, tx.Now)
		return nil
	})
	return counted
}

// signedIn returns the user that a token or password belongs to.
func signedIn(tx *gitlab.Tx, a *arrival) (gitlab.UserID, bool) {
	secret, given := (&call{request: a.request, query: a.query}).credentials()
	if !given {
		_, secret, given = a.request.BasicAuth()
	}
	if !given {
		return 0, false
	}
	t, known := tx.TokenBySecret(secret)
	return t.UserID, known && t.Active(tx.Now)
}

// count counts a request if the limit is on.
func (w *world) count(limits gitlab.RateLimits, by gitlab.Limiter, key string, at time.Time) *ratelimit.Window {
	limit := limits[by]
	if limit.Off() {
		return nil
	}
	counted := w.throttles.Count(ratelimit.Window{
		Name: by.String(), Key: key, Requests: limit.Requests, Period: limit.Period,
	}, at)
	return &counted
}

// applicationLimits holds the operations that have a limit of their own in GitLab's application. Callers with a token
// have another limit than callers without one.
//
// Source: lib/api/projects.rb, groups.rb, users.rb, members.rb and notes.rb of 18.9.
var applicationLimits = map[string]struct{ signedIn, anonymous gitlab.Limiter }{
	"getProject":             {gitlab.ProjectAPI, gitlab.ProjectAPI},
	"listProjects":           {gitlab.ProjectsAPI, gitlab.ProjectsAPIUnauthenticated},
	"listAllProjectMembers":  {gitlab.ProjectMembersAPI, gitlab.ProjectMembersAPI},
	"deleteProjectMember":    {gitlab.MembersDelete, gitlab.MembersDelete},
	"deleteGroupMember":      {gitlab.MembersDelete, gitlab.MembersDelete},
	"createMergeRequestNote": {gitlab.NotesCreate, gitlab.NotesCreate},
	"getUser":                {gitlab.UsersGetByID, gitlab.UsersGetByID},
	"listGroups":             {gitlab.GroupsAPI, gitlab.GroupsAPI},
	"getGroup":               {gitlab.GroupAPI, gitlab.GroupAPI},
}

// membersOf is the project or the group whose members a call is about, the same for its id and its path.
func (c *call) membersOf(tx *gitlab.Tx) string {
	if c.op.ID == "deleteProjectMember" {
		if p, known := projectNamed(tx, c.path["id"]); known {
			return "project " + strconv.FormatInt(int64(p.ID), 10)
		}
	} else if n, err := c.findGroup(tx); err == nil {
		return "group " + strconv.FormatInt(int64(n.ID), 10)
	}
	return c.op.ID + " " + c.path["id"] // where there is none
}

// limitOperation refuses a call if the caller has called this operation too often.
func (c *call) limitOperation(tx *gitlab.Tx) error {
	by, limited := applicationLimits[c.op.ID]
	if !limited {
		return nil
	}
	limiter, key := by.anonymous, hostOnly(c.request.RemoteAddr)
	if c.actor.User.ID != 0 {
		limiter, key = by.signedIn, "user:"+strconv.FormatInt(int64(c.actor.User.ID), 10)
	}
	if limiter == gitlab.MembersDelete {
		key += " in " + c.membersOf(tx)
	}
	w := c.server.world.count(tx.Settings().RateLimits, limiter, key, tx.Now)
	if w == nil || !w.Exceeded() {
		return nil
	}
	f := &failure{
		status: http.StatusTooManyRequests,
		body: messageBody{errorBody{
			"This endpoint has been requested too many times. Try again later.",
		}},
		reason: w.Name + " allows " + strconv.Itoa(w.Requests) + " requests in " + w.Period.String(),
	}
	if tx.Has(gitlab.TellsWhenToRetry) {
		f.header = http.Header{"Retry-After": {strconv.FormatInt(int64(w.Period/time.Second), 10)}}
	}
	return f
}

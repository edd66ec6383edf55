package gitlab

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limiter is one of GitLab's rate limits.
type Limiter int

// The rate limits: those of Rack::Attack for the whole API, then those of the application for single endpoints.
const (
	ThrottleAuthenticated Limiter = iota
	ThrottleUnauthenticated
	ProjectAPI
	ProjectsAPI
	ProjectsAPIUnauthenticated
	ProjectMembersAPI
	MembersDelete
	NotesCreate
	UsersGetByID
	GroupsAPI
	GroupAPI
	limiterCount
)

// RateLimit is how many requests there may be in a period. The zero value means any number.
type RateLimit struct {
	Requests int
	Period   time.Duration // of whole seconds
}

// Off reports whether nothing is limited.
func (l RateLimit) Off() bool { return l.Requests == 0 }

// RateLimits are all rate limits by their limiters.
type RateLimits [limiterCount]RateLimit

// limiters are the names that GitLab has for its rate limits, with its defaults for an instance that switches them on.
//
// Source: lib/gitlab/rack_attack.rb, lib/gitlab/application_rate_limiter.rb, app/models/application_setting.rb of 18.9.
var limiters = [limiterCount]struct {
	name  string
	usual RateLimit
}{
	ThrottleAuthenticated:      {"throttle_authenticated_api", RateLimit{7200, time.Hour}},
	ThrottleUnauthenticated:    {"throttle_unauthenticated_api", RateLimit{3600, time.Hour}},
	ProjectAPI:                 {"project_api", RateLimit{400, time.Minute}},
	ProjectsAPI:                {"projects_api", RateLimit{2000, 10 * time.Minute}},
	ProjectsAPIUnauthenticated: {"projects_api_rate_limit_unauthenticated", RateLimit{400, 10 * time.Minute}},
	ProjectMembersAPI:          {"project_members_api", RateLimit{200, time.Minute}},
	MembersDelete:              {"members_delete", RateLimit{60, time.Minute}},
	NotesCreate:                {"notes_create", RateLimit{300, time.Minute}},
	UsersGetByID:               {"users_get_by_id", RateLimit{300, 10 * time.Minute}},
	GroupsAPI:                  {"groups_api", RateLimit{200, time.Minute}},
	GroupAPI:                   {"group_api", RateLimit{400, time.Minute}},
}

// String is the name that GitLab has for a rate limit.
func (l Limiter) String() string { return limiters[l].name }

// Limiters are the names of all rate limits.
func Limiters() []string {
	var names []string
	for _, l := range limiters {
		names = append(names, l.name)
	}
	return names
}

// LimiterOf finds a rate limit by its name.
func LimiterOf(name string) (Limiter, bool) {
	i := slices.Index(Limiters(), name)
	return Limiter(i), i >= 0
}

// LimitSets are names for several limits at once, with what they are.
var LimitSets = []string{"defaults", "gitlab.com"}

// ParseRateLimit adds what a text says to the limits: NAME=REQUESTS/PERIOD, such as throttle_authenticated_api=10/1m,
// or a name of LimitSets.
func (l *RateLimits) ParseRateLimit(text string) error {
	if slices.Contains(LimitSets, text) {
		for i := range limiters {
			l[i] = limiters[i].usual
		}
		if text == "gitlab.com" {
			l[ThrottleAuthenticated], l[ThrottleUnauthenticated] = RateLimit{2000, time.Minute},
				RateLimit{500, time.Minute}
		}
		return nil
	}
	name, amount, _ := strings.Cut(text, "=")
	limiter, known := LimiterOf(name)
	if !known {
		return fmt.Errorf("there is no rate limit %q: there are %s, and the sets %s", name,
			strings.Join(Limiters(), ", "), strings.Join(LimitSets, " and "))
	}
	count, length, _ := strings.Cut(amount, "/")
	requests, wrong := strconv.Atoi(count)
	period, err := time.ParseDuration(length)
	if wrong != nil || err != nil {
		return fmt.Errorf("%q is no rate limit: write it as %s=10/1m, the number of requests and their period", text,
			name)
	}
	return l.Set(limiter, RateLimit{requests, period})
}

// Texts are the limits that are on, as ParseRateLimit reads them.
func (l RateLimits) Texts() []string {
	texts := []string{}
	for i, limit := range l {
		if !limit.Off() {
			texts = append(texts, fmt.Sprintf("%s=%d/%s", limiters[i].name, limit.Requests, limit.Period))
		}
	}
	return texts
}

// MarshalJSON writes the texts.
func (l RateLimits) MarshalJSON() ([]byte, error) { return json.Marshal(l.Texts()) }

// UnmarshalJSON reads the texts.
func (l *RateLimits) UnmarshalJSON(text []byte) error {
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*l = RateLimits{}
	for _, one := range list {
		if err := l.ParseRateLimit(one); err != nil {
			return err
		}
	}
	return nil
}

// The bounds of a rate limit.
const (
	MostRequests  = 1_000_000_000
	LongestPeriod = 24 * time.Hour
)

// Set switches a limit on. It fails for a number of requests or a period that there cannot be.
func (l *RateLimits) Set(limiter Limiter, limit RateLimit) error {
	if limit.Requests < 1 || limit.Requests > MostRequests {
		return fmt.Errorf("a rate limit is from 1 to %d requests", MostRequests)
	}
	if limit.Period < time.Second || limit.Period > LongestPeriod || limit.Period%time.Second != 0 {
		return errors.New("the period of a rate limit is from 1s to 24h, in whole seconds")
	}
	l[limiter] = limit
	return nil
}

// RateLimits are the present ones.
func (s *State) RateLimits() (l RateLimits) {
	_ = s.View(time.Time{}, func(tx *Tx) error {
		l = tx.Settings().RateLimits
		return nil
	})
	return l
}

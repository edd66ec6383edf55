package mockserver

import (
	"fmt"
	"net/http"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// RateLimits returns the rate limits that are on, with the number of requests in their current periods.
func (s *Server) RateLimits() (r control.RateLimits) {
	s.look(func(tx *gitlab.Tx) {
		r.Limits = presentLimits(tx.Settings().RateLimits)
		r.Windows = []control.RateWindow{}
		for _, w := range s.world.throttles.Windows(tx.Now) {
			r.Windows = append(r.Windows, control.RateWindow{
				Name: w.Name, Key: w.Key, Observed: w.Observed, Remaining: w.Remaining(), Ends: w.Ends,
			})
		}
	})
	return r
}

func presentLimits(limits gitlab.RateLimits) []control.RateLimit {
	list := []control.RateLimit{}
	for i, l := range limits {
		if !l.Off() {
			list = append(list, control.RateLimit{
				Name: gitlab.Limiter(i).String(), Requests: l.Requests, Period: control.Duration{Duration: l.Period},
			})
		}
	}
	return list
}

// SetRateLimits switches these rate limits on and all others off. If a limit is unknown or its numbers are wrong, it
// returns an error and changes nothing. The counts stay.
func (s *Server) SetRateLimits(list []control.RateLimit) error {
	limits, err := limitsOf(list)
	if err != nil {
		return err
	}
	return s.change(func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.RateLimits = limits
		tx.SetSettings(settings)
		return nil
	})
}

// limitsOf converts a list of limits.
func limitsOf(list []control.RateLimit) (limits gitlab.RateLimits, err error) {
	for _, l := range list {
		limiter, known := gitlab.LimiterOf(l.Name)
		if !known {
			return limits, fmt.Errorf("there is no rate limit %q%s", l.Name,
				strictyaml.Suggest(l.Name, gitlab.Limiters(), "; there are "))
		}
		if err := limits.Set(limiter, gitlab.RateLimit{Requests: l.Requests, Period: l.Period.Duration}); err != nil {
			return limits, fmt.Errorf("%s: %w", l.Name, err)
		}
	}
	return limits, nil
}

// ParseRateLimits reads rate limits as the command line and seeds write them. Each is NAME=REQUESTS/PERIOD, such as
// throttle_authenticated_api=10/1m. The words defaults and gitlab.com stand for all limits that GitLab's defaults or
// GitLab.com have. If a limit is repeated, the last one counts.
func ParseRateLimits(texts []string) ([]control.RateLimit, error) {
	var limits gitlab.RateLimits
	for _, text := range texts {
		if err := limits.ParseRateLimit(text); err != nil {
			return nil, err
		}
	}
	return presentLimits(limits), nil
}

func (k *controlCall) getRateLimits() (reply, error) { return ok(k.server.RateLimits()) }

// setRateLimits responds with the limits after the change.
func (k *controlCall) setRateLimits() (reply, error) {
	var given struct {
		Limits []control.RateLimit `json:"limits"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if err := k.server.SetRateLimits(given.Limits); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return k.getRateLimits()
}

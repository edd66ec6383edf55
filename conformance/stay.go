package conformance

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Stay is a merge request that a run leaves in a given project, because only owners of the project may delete it.
type Stay struct {
	Thing string `json:"thing"`         // its number and source branch
	State string `json:"state"`         // closed, or merged
	URL   string `json:"url,omitempty"` // of its page, as the target says
}

// stay is what stays, with its entry in the ledger.
type stay struct {
	Stay
	of ledgerEntry
}

func staysOf(list []stay) []Stay {
	var shown []Stay
	for _, one := range list {
		shown = append(shown, one.Stay)
	}
	return shown
}

// String describes it in one line.
func (s Stay) String() string {
	text := s.Thing + ", " + s.State
	if s.URL != "" {
		text += ": " + s.URL
	}
	return text
}

// removeMergeRequest deletes a merge request. Where that may not be, or cannot, it closes it and notes that it stays.
func (s *suite) removeMergeRequest(ctx context.Context, m *maker, token string, about ledgerEntry,
	with map[string]any,
) error {
	a, err := m.make(ctx, errand{"delete " + about.text(), token, things[about.Kind].remove, with},
		http.StatusNoContent, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusNotImplemented)
	if err != nil || a.status == http.StatusNoContent {
		return err
	}
	a, err = m.make(ctx, errand{"read " + about.text(), token, "getMergeRequest", with}, http.StatusOK,
		http.StatusNotFound)
	if err != nil || a.status == http.StatusNotFound {
		return err
	}
	if a.text("state") == "opened" {
		with["state_event"] = "close"
		if a, err = m.make(ctx, errand{"close " + about.text(), token, "updateMergeRequest", with}); err != nil {
			return err
		}
	}
	if a.text("state") == "opened" {
		return fmt.Errorf("close %s: it was answered %d, and it is open still", about.text(), a.status)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stays = append(s.stays, stay{Stay{
		Thing: fmt.Sprintf("merge request !%s (%s)", about.ID, about.Name), State: cut(a.text("state"), 40),
		URL: pageOf(a),
	}, about})
	return nil
}

// pageOf is the address of a thing's page as the target tells it; empty if that leads nowhere.
func pageOf(a *answer) string {
	at, err := url.Parse(a.text("web_url"))
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" || at.User != nil {
		return ""
	}
	return cut(at.String(), 2000)
}

// staying introduces what stays.
func (r *Report) staying() string {
	if len(r.Stays) == 1 {
		return "1 merge request stays, as the token may not delete it; an owner of the project can:"
	}
	return fmt.Sprintf("%d merge requests stay, as the token may not delete them; an owner of the project can:",
		len(r.Stays))
}

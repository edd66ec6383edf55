package mockserver

import (
	"net/http"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// GitLab's messages if nothing can be changed. An administrator can replace the one for maintenance.
const (
	maintenanceText = "GitLab is undergoing maintenance"
	readOnlyText    = "You cannot perform write operations on a read-only instance"
)

// refuseWrites refuses changes while GitLab is under maintenance or its database is read-only. JSON requests get the
// reason; all others are redirected to the page they came from.
func refuseWrites(a *arrival) *reply {
	changes := slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		a.request.Method)
	if !changes || a.isGraphQL() {
		return nil // mutations say so themselves
	}
	writing := a.behind.Writing()
	if writing.Mode == gitlab.WritesAllowed {
		return nil
	}
	re := &reply{
		stop: atReadOnly, header: http.Header{},
		reason: "the instance accepts no writes: it is set to " + string(writing.Mode),
	}
	switch {
	case !a.media.isJSON():
		to := a.request.Header.Get("Referer")
		if to == "" {
			to = a.baseURL + "/"
		}
		re.status = http.StatusMovedPermanently
		re.header.Set("Location", to)
		re.header.Set("Content-Type", "text/html")
	case writing.Mode == gitlab.Maintenance:
		re.status, re.body = http.StatusServiceUnavailable, messageBody{refusalOfWrites(writing)}
		re.header.Set("Retry-After", "900")
	default:
		re.status, re.body = http.StatusForbidden, messageBody{refusalOfWrites(writing)}
	}
	return re
}

// refusalOfWrites returns the message for a refused change.
func refusalOfWrites(w gitlab.Writing) string {
	switch {
	case w.Mode == gitlab.ReadOnlyDatabase:
		return readOnlyText
	case w.Message != "":
		return w.Message
	}
	return maintenanceText
}

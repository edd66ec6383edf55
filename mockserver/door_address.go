package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// checkClientAddress fails with 500, like GitLab, if two headers give different addresses of the client.
func checkClientAddress(a *arrival) *reply {
	client := strings.TrimSpace(a.request.Header.Get("Client-Ip"))
	forwarded := strings.Join(a.request.Header.Values("X-Forwarded-For"), ",")
	if !a.has(gitlab.ReadsClientAddress) || a.isGraphQL() || client == "" || forwarded == "" {
		return nil
	}
	addresses := strings.FieldsFunc(forwarded, func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(addresses, client) {
		return nil
	}
	return a.errorPage(http.StatusInternalServerError,
		"the address in the header Client-Ip is not in X-Forwarded-For")
}

package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

func payload(tx *gitlab.Tx, e gitlab.MergeRequestEvent, c gitlab.ExternalStatusCheck) ([]byte, error) {
	return encodeJSON(struct{}{}), nil
}

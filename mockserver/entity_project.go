package mockserver

import (
	"fmt"
	"net/url"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// projectURLs are a project's page and the addresses of its repository.
func projectURLs(tx *gitlab.Tx, p gitlab.Project) (web, ssh, https string) {
	web = tx.BaseURL() + "/" + p.FullPath
	host := "localhost"
	if u, err := url.Parse(tx.BaseURL()); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return web, fmt.Sprintf("git@%s:%s.git", host, p.FullPath), web + ".git"
}

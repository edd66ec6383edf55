package mockserver

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// reshape changes a response before it is sent, apart from single headers.
func (h *held) reshape(r *http.Request, f *fault.Fault) {
	if f.IDsAsText {
		h.setBody(textIDs(h.body.Bytes()))
	}
	known := r.Header.Get("If-None-Match")
	if f.StaleETag && known != "" && h.status == http.StatusOK && isRead(r.Method) {
		h.status = http.StatusNotModified
		h.body.Reset()
		h.header.Set("Etag", known)
		h.header.Del("Content-Type")
		h.header.Del("Content-Length")
	}
	h.mislead(f.Paging)
}

var (
	linkOrigin = lazy.Regexp(`<https?://[^/>]*`)
	nextLink   = lazy.Regexp(`([?&]page=)\d+([^>]*>; rel="next")`)
)

// mislead changes the paging headers so that they are wrong.
func (h *held) mislead(how fault.Paging) {
	link, page := h.header.Get("Link"), h.header.Get("X-Page")
	switch how {
	case fault.RelativeLink:
		if link != "" {
			h.header.Set("Link", linkOrigin().ReplaceAllString(link, "<"))
		}
	case fault.SamePage:
		if h.header.Get("X-Next-Page") != "" {
			h.header.Set("X-Next-Page", page)
			h.header.Set("Link", nextLink().ReplaceAllString(link, "${1}"+page+"${2}"))
		}
	}
}

// trickledBytes is how many bytes of a trickled body are sent at once.
const trickledBytes = 16

// trickle sends a body in pieces and waits before each piece. It stops when the client is gone. It may take as long as
// the plan wants.
func trickle(ctx context.Context, w http.ResponseWriter, body []byte, every time.Duration) {
	flusher := http.NewResponseController(w)
	_ = flusher.SetWriteDeadline(time.Time{}) // where there is one
	for len(body) > 0 && flusher.Flush() == nil && rest(ctx, every) {
		n := min(len(body), trickledBytes)
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		body = body[n:]
	}
}

// roleIn returns the role of a user in the project that a path names, in lower case. It is empty if there is none.
func roleIn(tx *gitlab.Tx, u gitlab.User, project string) string {
	if u.Admin {
		return "admin"
	}
	p, known := projectNamed(tx, project)
	if !known {
		return ""
	}
	return roleNames[tx.Role(p, u.ID).AccessLevel]
}

var roleNames = map[gitlab.AccessLevel]string{
	gitlab.Guest: "guest", gitlab.Planner: "planner", gitlab.Reporter: "reporter", gitlab.Developer: "developer",
	gitlab.Maintainer: "maintainer", gitlab.Owner: "owner",
}

// pageNumber returns the page that a client requests, as GitLab reads it; 0 if it requests none.
func pageNumber(text any) int {
	n, _ := coerceInteger(text).(int64)
	return int(n)
}

// projectNamed finds a project by its id or its full path.
func projectNamed(tx *gitlab.Tx, text string) (gitlab.Project, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return tx.Project(gitlab.ProjectID(n))
	}
	p, _, known := tx.ProjectByPath(text)
	return p, known
}

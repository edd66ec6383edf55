package mockserver

import (
	"mime"
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// media is the media type that a request declares for its body.
type media struct {
	declared string // as the client sent it
	given    bool   // even if it is empty
	kind     string // in lower case, without parameters
	boundary string
}

const (
	jsonMedia      = "application/json"
	lfsMedia       = "application/vnd.git-lfs+json"
	formMedia      = "application/x-www-form-urlencoded"
	multipartMedia = "multipart/form-data"
)

func mediaOf(h http.Header) media {
	values, given := h["Content-Type"]
	m := media{declared: strings.Join(values, ", "), given: given}
	m.kind = m.declared
	if end := strings.IndexAny(m.kind, ",;"); end >= 0 {
		m.kind = m.kind[:end]
	}
	m.kind = strings.ToLower(strings.TrimSpace(m.kind))
	if m.kind != multipartMedia {
		return m
	}
	if _, options, err := mime.ParseMediaType(m.declared); err == nil {
		m.boundary = options["boundary"]
	}
	return m
}

// isJSON reports whether the body is scanned as JSON.
func (m media) isJSON() bool { return m.kind == jsonMedia || m.kind == lfsMedia }

var mediaType = lazy.Regexp("^[a-z0-9!#$%&'*+.^_`|~-]+/[a-z0-9!#$%&'*+.^_`|~-]+$")

// invalid reports whether the media type is given but malformed.
func (m media) invalid() bool {
	return m.given && m.kind != jsonMedia && !mediaType().MatchString(m.kind)
}

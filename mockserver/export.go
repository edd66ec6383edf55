package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// Export is a seed that makes a world what this one is now: with the ids and times of all that is stored, and with jobs
// and deliveries that wait. It does not tell the release, the clock and the fault plans. It holds secrets: those of
// checks and of their URLs, and digests of tokens, which work as before for whoever knows them.
func (s *Server) Export() (document seed.Document) {
	s.look(func(tx *gitlab.Tx) { document = seed.ExactRows(tx.Rows()) })
	return document
}

// exportSeed sends the world as a seed, in YAML.
func (k *controlCall) exportSeed() (reply, error) {
	text := k.server.Export().YAML()
	if len(text) > seed.MaxSize {
		return reply{}, refused(http.StatusInsufficientStorage, "the export would have %d MiB even if it is packed, "+
			"and %d MiB is the most that can be read again; keep the world with serve --data", len(text)>>20,
			seed.MaxSize>>20)
	}
	return reply{
		status: http.StatusOK, text: string(text),
		header: http.Header{"Content-Type": {"application/yaml"}},
	}, nil
}

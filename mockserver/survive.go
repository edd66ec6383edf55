package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// survive responds to a request after the mock's own code panicked, and logs the panic. It is deferred.
func (s *Server) survive(w http.ResponseWriter, r *http.Request) {
	mistake := recover()
	if mistake == nil {
		return
	}
	if err, is := mistake.(error); is && errors.Is(err, http.ErrAbortHandler) {
		panic(mistake) // net/http's own way to abort
	}
	id := w.Header().Get("X-Request-Id")
	s.log.LogAttrs(context.Background(), slog.LevelError, "a mistake of the mock", slog.String("request_id", id),
		slog.String("method", r.Method),
		slog.String("path", plainPath(r.URL)), slog.Any("mistake", mistake),
		slog.String("stack", string(debug.Stack())))
	reason := "a mistake of the mock; its log has more of it under the request's id " + id
	if strings.HasPrefix(r.URL.Path, "/-/") {
		writeControl(w, r, problemReply(refused(http.StatusInternalServerError, "%s", reason)))
		return
	}
	re := reply{
		status: http.StatusInternalServerError, body: messageBody{"500 Internal Server Error"},
		header: http.Header{},
	}
	if !s.opts.NoHints {
		re.header.Set("X-Mock-Reason", oneLine(reason))
	}
	s.write(w, &arrival{request: r, behind: s.world.state, baseURL: s.world.state.BaseURL()}, re)
}

// jobFailed logs a background job that was removed because the mock's own code panicked.
func (s *Server) jobFailed(j gitlab.Job, mistake any) {
	s.log.LogAttrs(context.Background(), slog.LevelError, "a mistake of the mock; the job is dropped",
		slog.Int64("job", int64(j.ID)),
		slog.String("kind", string(j.Kind)), slog.Any("mistake", mistake), slog.String("stack", string(debug.Stack())))
}

// survive gives up a delivery after the mock's own code panicked. It is deferred.
func (d *deliverer) survive(c claim) {
	if mistake := recover(); mistake != nil {
		d.log.LogAttrs(context.Background(), slog.LevelError, "a mistake of the mock; the delivery is given up",
			slog.Int64("delivery", int64(c.delivery.ID)), slog.Any("mistake", mistake),
			slog.String("stack", string(debug.Stack())))
		a := gitlab.Attempt{At: c.delivery.Due, URL: c.delivery.URL, Error: fmt.Sprintf("a mistake of the mock: %v",
			mistake)}
		c.began = d.real()
		d.record(c, a, 0, gitlab.GaveUp)
	}
}

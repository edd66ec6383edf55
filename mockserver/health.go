package mockserver

import (
	"net/http"
	"strings"
)

// healthBodies are the responses of GitLab's own health checks. They need no token, and a reset does not affect them.
//
// Source: config/routes.rb, app/controllers/health_controller.rb, lib/gitlab/middleware/basic_health_check.rb.
var healthBodies = map[string]struct{ kind, body string }{
	"/-/health":    {"text/plain", "GitLab OK"},
	"/-/liveness":  {"application/json; charset=utf-8", `{"status":"ok"}`},
	"/-/readiness": {"application/json; charset=utf-8", `{"status":"ok","master_check":[{"status":"ok"}]}`},
}

// serveHealth handles paths below /-/ that do not belong to the control surface.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	if err := s.guard(r); err != nil {
		writeControl(w, r, problemReply(err))
		return
	}
	if strings.HasPrefix(r.URL.Path+"/", controlPrefix) && s.opts.NoControlReason != "" {
		writeControl(w, r, problemReply(refused(http.StatusForbidden, "%s", s.opts.NoControlReason)))
		return
	}
	probe, known := healthBodies[r.URL.Path]
	w.Header().Set("Cache-Control", "no-cache")
	if !known || !isRead(r.Method) {
		s.surprised(r)
		w.Header().Set("Content-Type", "application/json")
		body := encodeJSON(errorBody{"404 Not Found"})
		w.Header().Set("Content-Length", lengthOf(r, body))
		writeBody(w, r, http.StatusNotFound, body)
		return
	}
	body := []byte(probe.body)
	w.Header().Set("Content-Type", probe.kind)
	w.Header().Set("Content-Length", lengthOf(r, body))
	writeBody(w, r, http.StatusOK, body)
}

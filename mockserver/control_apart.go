package mockserver

import "net/http"

// Control returns the control surface alone, for a separate listener. It works whatever Options.NoControl and
// ControlApart say, and includes the control surfaces of worlds.
func (s *Server) Control() http.Handler {
	if s.control != nil {
		return s.control
	}
	return newControl(s)
}

// serveControl responds to a request to the control surface.
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) { s.Control().ServeHTTP(w, r) }

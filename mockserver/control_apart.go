package mockserver

import "net/http"

// Control is the control surface by itself, for a listener apart from the API's. It is there whatever Options say.
// Those of worlds are there too.
func (s *Server) Control() http.Handler {
	if s.control != nil {
		return s.control
	}
	return newControl(s)
}

// serveControl answers a request to the control surface.
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) { s.Control().ServeHTTP(w, r) }

package mockserver

import "net/http"

// Control is the control surface by itself, for a listener apart from the API's. It is there whatever Options say.
func (s *Server) Control() http.Handler {
	if s.control != nil {
		return s.control
	}
	return newControl(s)
}

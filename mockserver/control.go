package mockserver

import "net/http"

// controlPrefix is where the control surface lies.
const controlPrefix = "/-/mock/"

func newControl(s *Server) http.Handler { return http.NotFoundHandler() }

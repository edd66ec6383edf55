package conformance

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"gotest.tools/v3/assert"
)

// Each delivery comes to a service on a connection of its own that ends behind it, as GitLab's does. So no service is
// blamed for a connection that it closed, whatever header the delivery had that is sent anew.
func TestService_connections(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	callers := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		callers[r.RemoteAddr] = true
		assert.Check(t, r.Close)
		assert.Check(t, len(r.Header.Values("Connection")) <= 1)
	}))
	defer server.Close()
	service := takeService(&Service{URL: server.URL})
	headers := []http.Header{{}, {"Connection": {"close"}}, {}}
	for _, header := range headers {
		_, err := service.send(t.Context(), header, []byte("{}"))
		assert.NilError(t, err)
	}
	assert.Equal(t, len(callers), len(headers))
}

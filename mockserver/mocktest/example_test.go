package mocktest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/mocktest"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// A service is notified of each merge request of the project that it checks. The test waits for the webhook.
func ExampleNewServer() {
	_ = func(t *testing.T) { // TestService
		service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
		}))
		defer service.Close()
		world := seed.Default()
		world.Projects[0].ExternalStatusChecks[0].ExternalURL = service.URL
		gitlab := mocktest.NewServer(t, mockserver.Options{Seed: &world})

		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPut,
			gitlab.URL+"/api/v4/projects/6/merge_requests/4", strings.NewReader("title=Draft"))
		r.Header.Set("Private-Token", seed.DeveloperToken)
		if _, err := http.DefaultClient.Do(r); err != nil {
			t.Fatal(err)
		}
		deliveries, err := gitlab.AwaitDeliveries(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(deliveries[0].Body)
	}
}

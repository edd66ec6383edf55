package mockserver_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// A server is an http.Handler. Serve it on a listener of your own, and call it as you would call GitLab.
func Example() {
	gitlab, err := mockserver.New(mockserver.Options{})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(gitlab)
	defer server.Close()

	request, _ := http.NewRequest("GET", server.URL+"/api/v4/projects/6/merge_requests/4/status_checks", nil)
	request.Header.Set("PRIVATE-TOKEN", seed.DeveloperToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.Status)
	fmt.Println(strings.ReplaceAll(string(body), "},{", "},\n {"))
	// Output:
	// 200 OK
	// [{"id":1,"name":"Compliance Tool","external_url":"https://checks.example/compliance-tool","status":"pending"},
	//  {"id":2,"name":"Service 1","external_url":"https://checks.example/test-endpoint","status":"passed"}]
}

// A pending response times out when it is older than two minutes. A test does not have to wait for that.
func ExampleServer_Advance() {
	gitlab, err := mockserver.New(mockserver.Options{})
	if err != nil {
		log.Fatal(err)
	}
	const mergeRequest = "/api/v4/projects/6/merge_requests/4"
	call(gitlab, "POST", mergeRequest+
		"/status_check_responses?external_status_check_id=1"+
		"&sha=141be9714669a4c1ccaa013c6a7f3e462ff2a40f&status=pending")
	for range 2 {
		if err := gitlab.Advance(context.Background(), time.Minute+time.Second); err != nil {
			log.Fatal(err)
		}
		_, body := call(gitlab, "GET", mergeRequest+"/status_checks?per_page=1")
		fmt.Println(body)
	}
	// Output:
	// [{"id":1,"name":"Compliance Tool","external_url":"https://checks.example/compliance-tool","status":"pending"}]
	// [{"id":1,"name":"Compliance Tool","external_url":"https://checks.example/compliance-tool","status":"failed"}]
}

// External services are notified of changes to a merge request when Flush is called, or at once while Run is running.
func ExampleServer_Flush() {
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Content-Type"),
			strings.Contains(string(body), `"action":"close"`))
	}))
	defer service.Close()
	world := seed.Default()
	world.Projects[0].ExternalStatusChecks = []seed.ExternalStatusCheck{{Name: "QA", ExternalURL: service.URL +
		"/qa"}}
	world.Projects[0].MergeRequests[0].Responses = nil
	gitlab, err := mockserver.New(mockserver.Options{Seed: &world})
	if err != nil {
		log.Fatal(err)
	}
	status, _ := call(gitlab, "PUT", "/api/v4/projects/6/merge_requests/4?state_event=close")
	fmt.Println(status)
	sent, err := gitlab.Flush(context.Background())
	fmt.Println(sent, err)
	// Output:
	// 200
	// POST /qa application/json true
	// POST /qa application/json false
	// 2 <nil>
}

// A test can wait for a webhook without polling. Here Run sends it, as it does in mocktest.NewServer.
func ExampleServer_AwaitDeliveries() {
	service := httptest.NewServer(http.NotFoundHandler())
	defer service.Close()
	world := seed.Default()
	world.Projects[0].ExternalStatusChecks[0].ExternalURL = service.URL
	gitlab, err := mockserver.New(mockserver.Options{Seed: &world})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = gitlab.Run(ctx) })
	call(gitlab, "PUT", "/api/v4/projects/6/merge_requests/4?title=New")
	deliveries, err := gitlab.AwaitDeliveries(ctx, 1)
	fmt.Println(deliveries[0].Action, deliveries[0].Attempts[0].Status, err)
	stop()
	running.Wait()
	// Output:
	// update 404 <nil>
}

// A client must handle the end of a licence.
func ExampleServer_SetLicence() {
	gitlab, err := mockserver.New(mockserver.Options{})
	if err != nil {
		log.Fatal(err)
	}
	if err := gitlab.SetLicence(control.Licence{Licensed: false}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(call(gitlab, "GET", "/api/v4/projects/6/merge_requests/4/status_checks"))
	// Output:
	// 401 {"message":"401 Unauthorized"}
}

// The mock is upgraded while a client works with it.
func ExampleServer_SetRelease() {
	gitlab, err := mockserver.New(mockserver.Options{Version: release.Of(17, 2)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(slices.Contains(gitlab.Release().Changes, mockserver.ChangeSharedSecrets))
	if err := gitlab.SetRelease(release.Of(17, 3), nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(slices.Contains(gitlab.Release().Changes, mockserver.ChangeSharedSecrets))
	// Output:
	// false
	// true
}

// A request that matches no operation is most often a mistake in the client.
func ExampleServer_Surprises() {
	gitlab, err := mockserver.New(mockserver.Options{})
	if err != nil {
		log.Fatal(err)
	}
	call(gitlab, "GET", "/api/v4/projects/6/merge_request/4/status_checks")
	for _, surprise := range gitlab.Surprises() {
		fmt.Println(surprise.Method, surprise.Path)
		fmt.Println("perhaps", surprise.Nearest[0])
	}
	// Output:
	// GET /api/v4/projects/6/merge_request/4/status_checks
	// perhaps GET /api/v4/projects/{id}/merge_requests/{merge_request_iid}/status_checks (listMergeRequestStatusChecks)
}

// call sends a request as the default world's developer.
func call(gitlab http.Handler, method, path string) (status int, body string) {
	request := httptest.NewRequest(method, path, nil)
	request.Header.Set("PRIVATE-TOKEN", seed.DeveloperToken)
	answer := httptest.NewRecorder()
	gitlab.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}

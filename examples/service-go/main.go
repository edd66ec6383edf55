// Command service-go is a small external service for GitLab's external status checks: a check fails while a comment on
// the merge request asks to hold it. Read service.go for what such a service has to do. docs/build-a-service.md in this
// repository builds it step by step.
package main

import (
	"cmp"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	service := New(Settings{
		API:    cmp.Or(os.Getenv("CI_API_V4_URL"), "https://gitlab.com/api/v4"),
		Token:  os.Getenv("GITLAB_TOKEN"),
		Secret: os.Getenv("STATUS_CHECK_SECRET"),
		Log:    log.Default(),
	})
	server := &http.Server{
		Addr: "127.0.0.1:" + cmp.Or(os.Getenv("PORT"), "3000"), Handler: service, ReadTimeout: time.Minute,
	}
	log.Printf("listening at %s", server.Addr)
	log.Fatal(server.ListenAndServe())
}

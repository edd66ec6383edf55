package mockserver_test

import "fmt"

// forkBoundaries are the differences between releases that are about forks.
var forkBoundaries = []boundary{
	{
		change: "shows-forks-to-anybody", version: "17.2", before: "<nil>", after: "6",
		probe: func(h *harness) string {
			h.publish()
			shown := h.do("", "GET", h.fork("developer"), nil).want(200)
			if shown.get("forked_from_project") == nil {
				return "<nil>"
			}
			return shown.text("forked_from_project.id")
		},
	},
	{
		change: "unlinks-archived-forks", version: "18.6", before: "opened 1", after: "closed 0",
		probe: func(h *harness) string {
			fork, _ := h.openFromFork("developer")
			h.do("developer", "POST", fork+"/archive", nil).want(201)
			return fmt.Sprint(h.do("developer", "GET", mergeRequestsPath+"/5", nil).text("state"), " ",
				h.do("owner", "GET", "/projects/6", nil).text("forks_count"))
		},
	},
}

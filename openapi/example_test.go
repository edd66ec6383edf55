package openapi_test

import (
	"fmt"
	"net/http"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func ExampleDocument_At() {
	for _, version := range []release.Version{{Major: 16, Minor: 4}, release.Reference} {
		respond := openapi.GitLab().At(version).Operation("createStatusCheckResponse")
		for _, p := range respond.Parameters() {
			if p.Name == "status" {
				fmt.Println(version, p.Enum)
			}
		}
	}
	// Output:
	// 16.4 [passed failed]
	// 18.9 [passed failed pending]
}

func ExampleOperation_CheckParameters() {
	respond := openapi.GitLab().At(release.Reference).Operation("createStatusCheckResponse")
	for _, v := range respond.CheckParameters(map[string]any{"id": "6", "merge_request_iid": int64(4), "sha": "abc"}) {
		fmt.Println(v)
	}
	// Output:
	// required at /external_status_check_id: external_status_check_id is missing
	// required at /status: status is missing
	// enum at /status: status must be one of passed, failed, pending
}

func ExampleOperation_CheckResponse() {
	retry := openapi.GitLab().At(release.Reference).Operation("retryStatusCheck")
	header := http.Header{"Content-Type": {"application/json"}}
	fmt.Println(retry.CheckResponse(202, header, []byte(`{"message":"202 Accepted"}`)))
	fmt.Println(retry.CheckResponse(422, header, []byte(`{"message":["External status check must be failed"]}`)))
	// Output:
	// []
	// [type at /message: the value must be string]
}

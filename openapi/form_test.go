package openapi

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// loadedByKin is a valid document as kin reads it, with the number of its operations.
func loadedByKin(t *testing.T, text []byte) (*openapi3.T, int) {
	t.Helper()
	loaded, err := openapi3.NewLoader().LoadFromData(text)
	assert.NilError(t, err)
	assert.NilError(t, loaded.Validate(context.Background()))
	count := 0
	for _, item := range loaded.Paths.Map() {
		count += len(item.Operations())
	}
	return loaded, count
}

// TestWrite_plain checks the plain form of old, middle and new releases, and of all in one. It must be a valid document
// with valid examples and the same operations that uses only what code generators understand.
func TestWrite_plain(t *testing.T) {
	t.Parallel()
	for _, d := range []*Document{
		GitLab(), GitLab().At(release.Oldest), GitLab().At(release.Reference),
		GitLab().At(release.Newest), Control(),
	} {
		text, err := d.Write(Form{Plain: true}, "json")
		assert.NilError(t, err)
		for _, banned := range []string{
			`"oneOf"`, `"anyOf"`, `"x-`, "multipart/", "urlencoded\":", `"not":`, `"bearer"`, `"jobToken"`, "null],",
			"null]}", `"created-by-me"`,
		} {
			assert.Assert(t, !strings.Contains(string(text), banned), banned)
		}
		_, count := loadedByKin(t, text)
		assert.Equal(t, count, len(d.Operations()))
	}
}

// TestWrite_showsTheVersion checks that a document shows the version of the requested release, not of the first release
// that shares the document.
func TestWrite_showsTheVersion(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{release.Of(14, 3), release.Of(16, 8), release.Reference, release.Newest} {
		text, err := GitLab().At(v).Write(Form{Release: v}, "json")
		assert.NilError(t, err)
		shown := regexp.MustCompile(`"[0-9.]+-ee"`).FindAllString(string(text), -1)
		assert.Assert(t, len(shown) > 0)
		for _, one := range shown {
			assert.Equal(t, one, `"`+v.String()+`.0-ee"`)
		}
	}
}

// TestWrite_plainBodies checks three kinds of bodies. A body with a required parameter is required, a body with only
// optional parameters is optional, and an empty body is left out.
func TestWrite_plainBodies(t *testing.T) {
	t.Parallel()
	text, err := GitLab().At(release.Reference).Write(Form{Plain: true}, "json")
	assert.NilError(t, err)
	loaded, err := openapi3.NewLoader().LoadFromData(text)
	assert.NilError(t, err)
	got := map[string]string{}
	for _, item := range loaded.Paths.Map() {
		for _, operation := range item.Operations() {
			switch body := operation.RequestBody; {
			case body == nil:
				got[operation.OperationID] = "none"
			case body.Value.Required:
				got[operation.OperationID] = "required"
			default:
				got[operation.OperationID] = "optional"
			}
		}
	}
	for operation, want := range map[string]string{
		"createExternalStatusCheck": "required", "updateExternalStatusCheck": "optional", "retryStatusCheck": "none",
		"listExternalStatusChecks": "none", "createStatusCheckResponse": "required", "createProject": "optional",
	} {
		assert.Equal(t, got[operation], want, operation)
	}
}

func TestWrite_onlyATopicAtAServer(t *testing.T) {
	t.Parallel()
	d := GitLab().At(release.Reference)
	text, err := d.Write(Form{
		Release: release.Of(18, 9), Topic: "status checks",
		Server: "https://gitlab.example.com/api/v4/",
	}, "json")
	assert.NilError(t, err)
	loaded, count := loadedByKin(t, text)
	assert.Equal(t, count, 7)
	assert.Equal(t, loaded.Info.Version, "18.9")
	assert.Equal(t, loaded.Servers[0].URL, "https://gitlab.example.com/api/v4")
	assert.Equal(t, len(loaded.Tags), 2)
	assert.Assert(t, loaded.Components.Schemas["ProtectedBranch"] != nil && loaded.Components.Schemas["Project"] == nil)

	_, err = d.Write(Form{Topic: "packages"}, "json")
	assert.ErrorContains(t, err, `no operation is about "packages"`)
	before, err := d.JSON()
	assert.NilError(t, err)
	again, err := d.Write(Form{}, "json")
	assert.NilError(t, err)
	assert.Equal(t, string(again), string(before), "a form leaves the document as it was")
}

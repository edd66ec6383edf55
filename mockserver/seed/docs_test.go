package seed

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var (
	heading = regexp.MustCompile("(?m)^##+ `(.*)`$")
	row     = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|")
)

// The tables have all keys, in their order.
func TestDocs_keys(t *testing.T) {
	t.Parallel()
	text := docstest.Page(t, "seed.md")
	text = text[:strings.Index(text, "## The default world")]
	places := heading.FindAllStringSubmatchIndex(text, -1)
	documented := map[string][]string{}
	for i, p := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		name := text[p[2]:p[3]]
		for _, m := range row.FindAllStringSubmatch(text[p[1]:end], -1) {
			documented[name] = append(documented[name], m[1])
		}
	}
	there := map[string][]string{}
	for name, v := range map[string]any{
		"seed": Document{}, "settings": Settings{}, "users": User{}, "tokens": AccessToken{},
		"groups": Group{}, "members": Member{},
		"custom_role": CustomRole{}, "projects": Project{}, "projects.settings": ProjectSettings{},
		"branches": Branch{},
		"commits":  Commit{}, "protected_branches": ProtectedBranch{}, "access_levels": BranchAccess{},
		"external_status_checks": ExternalStatusCheck{}, "merge_requests": MergeRequest{},
		"labels": Label{}, "milestones": Milestone{}, "responses": Response{}, "merge_train_car": MergeTrainCar{},
	} {
		there[name] = fieldsOf(reflect.TypeOf(v))
	}
	there["rows"] = rowKeys(reflect.TypeFor[gitlab.Rows]())
	assert.DeepEqual(t, documented, there)
}

// The document has all words that keys allow, and the tokens of the default world.
func TestDocs_words(t *testing.T) {
	t.Parallel()
	text := docstest.Page(t, "seed.md")
	for _, words := range [][]string{
		roleNames, branchRoleNames, scopeNames, abilityNames, visibilities, states,
		statuses, writeModes, carStatuses,
	} {
		for _, word := range words {
			assert.Assert(t, strings.Contains(text, "`"+word+"`"), word)
		}
	}
	for _, token := range Default().Tokens() {
		assert.Assert(t, strings.Contains(text, "| `"+token.Secret+"` | `"+token.Username+"` |"), token.Secret)
	}
}

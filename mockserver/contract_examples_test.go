package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// beforehand maps an operation to the operations that must be called first with their own examples, because the default
// world has nothing for it to act on. docs/contract.md lists them.
var beforehand = map[string][]string{
	"retryStatusCheck":              {"createStatusCheckResponse"},
	"deleteMemberRole":              {"createMemberRole"},
	"deleteGroupMember":             {"createGroupMember"},
	"getGroupProtectedBranch":       {"createGroupProtectedBranch"},
	"updateGroupProtectedBranch":    {"createGroupProtectedBranch"},
	"deleteGroupProtectedBranch":    {"createGroupProtectedBranch"},
	"restoreProject":                {"deleteProject"},
	"unarchiveProject":              {"archiveProject"},
	"unlinkFork":                    {"forkProject"},
	"deleteApprovalRule":            {"createApprovalRule"},
	"getProjectAccessToken":         {"createProjectAccessToken"},
	"revokeProjectAccessToken":      {"createProjectAccessToken"},
	"getProjectHook":                {"createProjectHook"},
	"getProjectLabel":               {"createProjectLabel"},
	"getProjectMilestone":           {"createProjectMilestone"},
	"updateProjectLabel":            {"createProjectLabel"},
	"deleteProjectLabel":            {"createProjectLabel"},
	"updateProjectMilestone":        {"createProjectMilestone"},
	"deleteProjectMilestone":        {"createProjectMilestone"},
	"updateProjectHook":             {"createProjectHook"},
	"deleteProjectHook":             {"createProjectHook"},
	"listProjectHookEvents":         {"createProjectHook"},
	"testProjectHook":               {"createProjectHook"},
	"resendProjectHookEvent":        {"createProjectHook", "testProjectHook"},
	"createCommitStatus":            {"createCommitStatus"},
	"getPipeline":                   {"createCommitStatus"},
	"getLatestPipeline":             {"createCommitStatus"},
	"unapproveMergeRequest":         {"approveMergeRequest"},
	"resolveMergeRequestDiscussion": {"createMergeRequestDiscussion"},
}

// asAdministrator are the operations that the owner of the project may not call.
var asAdministrator = []string{
	"createUser", "deleteUser", "createPersonalAccessToken", "revokePersonalAccessToken",
	"listMemberRoles", "createMemberRole", "deleteMemberRole",
}

// apart are parameters of which a request may give only one. The plain contract does not say so, but its examples of
// whole bodies follow that rule.
var apart = map[string][]string{
	"createCommit":        {"start_branch", "start_sha"},
	"createGroupMember":   {"user_id", "username"},
	"createProjectMember": {"user_id", "username"},
}

// shownContract is a contract as the program prints it.
type shownContract struct {
	version    release.Version
	root       map[string]any
	operations map[string]shownOperation
}

// shownOperation is an operation with its references followed.
type shownOperation struct {
	id, method, path string
	parameters       []map[string]any
	content          map[string]any // of the body
	responses        map[string]any
}

func printedContract(t *testing.T, v release.Version, form openapi.Form) *shownContract {
	t.Helper()
	text, err := openapi.GitLab().At(v).Write(form, "json")
	assert.NilError(t, err)
	c := &shownContract{version: v, operations: map[string]shownOperation{}}
	assert.NilError(t, json.Unmarshal(text, &c.root))
	for path, item := range c.root["paths"].(map[string]any) {
		for method, written := range item.(map[string]any) {
			o, isOperation := written.(map[string]any)
			if !isOperation {
				continue // the servers of the path
			}
			s := shownOperation{
				id: o["operationId"].(string), method: strings.ToUpper(method), path: path,
				responses: o["responses"].(map[string]any),
			}
			list, _ := o["parameters"].([]any)
			for _, p := range list {
				s.parameters = append(s.parameters, c.resolve(p))
			}
			if body := c.resolve(o["requestBody"]); body != nil {
				s.content = body["content"].(map[string]any)
			}
			c.operations[s.id] = s
		}
	}
	return c
}

// resolve follows references.
func (c *shownContract) resolve(written any) map[string]any {
	object, _ := written.(map[string]any)
	for object["$ref"] != nil {
		var at any = c.root
		for name := range strings.SplitSeq(strings.TrimPrefix(object["$ref"].(string), "#/"), "/") {
			at = at.(map[string]any)[name]
		}
		object = at.(map[string]any)
	}
	return object
}

// exampleIn returns the only example of a parameter or a property.
func exampleIn(t *testing.T, written map[string]any) any {
	t.Helper()
	if value, there := written["example"]; there {
		assert.Assert(t, written["examples"] == nil)
		return value
	}
	examples, _ := written["examples"].(map[string]any)
	assert.Equal(t, len(examples), 1)
	for _, one := range examples {
		return one.(map[string]any)["value"]
	}
	return nil
}

// alone are parameters that do not go with another one.
var alone = map[string][]string{
	"listMergeRequests": {"author_username", "assignee_username", "reviewer_username"},
}

// exampleCall holds the parts of a request.
type exampleCall struct {
	path, query, header map[string]any
	kind                string // of the body
	body                map[string]any
	lists               map[string]any // how lists in the body are serialised
}

func (e exampleCall) clone() exampleCall {
	e.path, e.query, e.header = maps.Clone(e.path), maps.Clone(e.query), maps.Clone(e.header)
	e.body = maps.Clone(e.body)
	return e
}

// calls returns all requests that the examples of an operation give: one for each example of the whole body, one for
// each parameter together with the required ones, and one with all parameters.
func (c *shownContract) calls(t *testing.T, o shownOperation) map[string]exampleCall {
	t.Helper()
	base := exampleCall{path: map[string]any{}, query: map[string]any{}, header: map[string]any{}}
	optional := []map[string]any{}
	for _, p := range o.parameters {
		if p["required"] != true {
			optional = append(optional, p)
			continue
		}
		c.given(base, p["in"].(string))[p["name"].(string)] = exampleIn(t, p)
	}
	all := map[string]exampleCall{}
	kinds := slices.Sorted(maps.Keys(o.content))
	if len(kinds) == 0 {
		kinds = []string{""}
	}
	for _, kind := range kinds {
		c.callsOf(t, o, kind, base, optional, all)
	}
	return all
}

// given returns the values in one place.
func (c *shownContract) given(e exampleCall, in string) map[string]any {
	return map[string]map[string]any{"path": e.path, "query": e.query, "header": e.header}[in]
}

// callsOf adds the calls with one kind of body.
func (c *shownContract) callsOf(
	t *testing.T, o shownOperation, kind string, least exampleCall, optional []map[string]any,
	all map[string]exampleCall,
) {
	t.Helper()
	base := least.clone()
	var properties map[string]any
	var apart []string
	if kind != "" {
		base, properties, apart = c.bodied(t, o, kind, least, all)
	}
	whole := base.clone()
	for _, p := range optional {
		name, in := p["name"].(string), p["in"].(string)
		value := exampleIn(t, p)
		if !slices.Contains(alone[o.id], name) {
			c.given(whole, in)[name] = value
		}
		if kind == "" || kind == "application/json" {
			one := base.clone()
			delete(one.body, name) // a value in the body would take precedence
			c.given(one, in)[name] = value
			all[in+" "+name] = one
		}
	}
	for name, property := range properties {
		one := base.clone()
		value := exampleIn(t, c.property(property))
		if slices.Contains(apart, name) {
			for _, other := range apart {
				delete(one.body, other)
			}
		} else {
			whole.body[name] = value
		}
		one.body[name] = value
		all[kind+" "+name] = one
	}
	all["all "+kind] = whole
}

// property returns a property, or the component that it refers to.
func (c *shownContract) property(written any) map[string]any { return c.resolve(written) }

// bodied returns a call with the first example of the body or, if there is none, with its required properties. It also
// returns the properties of the body, and those of which only one may be given.
func (c *shownContract) bodied(
	t *testing.T, o shownOperation, kind string, least exampleCall, all map[string]exampleCall,
) (exampleCall, map[string]any, []string) {
	t.Helper()
	base := least.clone()
	media := o.content[kind].(map[string]any)
	schema := c.resolve(media["schema"])
	base.kind, base.body = kind, map[string]any{}
	base.lists, _ = media["encoding"].(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	samples, _ := o.content["application/json"].(map[string]any)["examples"].(map[string]any)
	for i, name := range slices.Sorted(maps.Keys(samples)) {
		one := base.clone()
		one.body = maps.Clone(samples[name].(map[string]any)["value"].(map[string]any))
		all[kind+" as "+name] = one
		if i == 0 {
			base = one.clone()
		}
	}
	if len(samples) == 0 {
		for _, name := range texts(schema["required"]) {
			base.body[name] = exampleIn(t, c.property(properties[name]))
		}
	}
	return base, properties, apart[o.id]
}

func texts(list any) (all []string) {
	items, _ := list.([]any)
	for _, item := range items {
		all = append(all, item.(string))
	}
	return all
}

// fields writes a value for a form as GitLab reads it: lists as the contract declares them, and maps in brackets.
func fields(name string, value any, joined bool) [][2]string {
	switch v := value.(type) {
	case nil:
		return [][2]string{{name, ""}}
	case map[string]any:
		var all [][2]string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, fields(name+"["+key+"]", v[key], joined)...)
		}
		return all
	case []any:
		var all [][2]string
		var words []string
		for _, item := range v {
			if _, isMap := item.(map[string]any); isMap || !joined {
				all = append(all, fields(name+"[]", item, joined)...)
			} else {
				words = append(words, wordOf(item))
			}
		}
		if joined && len(all) == 0 {
			all = append(all, [2]string{name, strings.Join(words, ",")})
		}
		return all
	}
	return [][2]string{{name, wordOf(value)}}
}

// wordOf is a single value as text.
func wordOf(value any) string {
	if n, isNumber := value.(float64); isNumber {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// request makes the request of a call.
func (e exampleCall) request(t *testing.T, as string, o shownOperation) *http.Request {
	t.Helper()
	path := o.path
	for name, value := range e.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(wordOf(value)))
	}
	query := url.Values{}
	for name, value := range e.query {
		for _, field := range fields(name, value, true) {
			query.Add(field[0], field[1])
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	kind, body := e.encoded(t)
	r := httptest.NewRequest(o.method, testBaseURL+openapi.GitLab().Operation(o.id).Root()+path, bytes.NewReader(body))
	r.Header.Set("Private-Token", "glpat-"+as)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range e.header {
		r.Header.Set(name, wordOf(value))
	}
	return r
}

// encoded is the body and its type.
func (e exampleCall) encoded(t *testing.T) (string, []byte) {
	t.Helper()
	if e.kind == "" || e.kind == "application/json" {
		text, err := json.Marshal(e.body)
		assert.NilError(t, err)
		if e.kind == "" {
			text = nil
		}
		return e.kind, text
	}
	var all [][2]string
	for name, value := range e.body {
		_, declared := e.lists[name]
		all = append(all, fields(name, value, declared)...)
	}
	var text bytes.Buffer
	if e.kind == "application/x-www-form-urlencoded" {
		values := url.Values{}
		for _, field := range all {
			values.Add(field[0], field[1])
		}
		return e.kind, []byte(values.Encode())
	}
	w := multipart.NewWriter(&text)
	for _, field := range all {
		assert.NilError(t, w.WriteField(field[0], field[1]))
	}
	assert.NilError(t, w.Close())
	return w.FormDataContentType(), text.Bytes()
}

// caller returns the role whose token a call uses.
func caller(id string) string {
	if slices.Contains(asAdministrator, id) {
		return "admin"
	}
	return "owner"
}

// impossible says why an operation's examples cannot succeed in the default world. It is empty if they can.
func (c *shownContract) impossible(o shownOperation) string {
	remembers := slices.ContainsFunc(c.operations["deleteProject"].parameters,
		func(p map[string]any) bool { return p["name"] == "permanently_remove" })
	if o.id == "restoreProject" && !remembers {
		return "projects are deleted at once"
	}
	if o.id == "getMergeTrainCar" {
		return "what is on merge trains comes from seeds"
	}
	return ""
}

// send sends a call to a new world, after the calls that must come first.
func (c *shownContract) send(t *testing.T, h *harness, o shownOperation, e exampleCall) {
	t.Helper()
	for _, id := range beforehand[o.id] {
		first := c.operations[id]
		calls := c.calls(t, first)
		call, sampled := calls["application/json as sample"]
		if !sampled {
			call = calls["all "]
		}
		h.send(call.request(t, caller(id), first))
	}
	answer := h.send(e.request(t, caller(o.id), o))
	_, documented := o.responses[strconv.Itoa(answer.status)]
	assert.Check(t, documented && answer.status/100 == 2, "%s %s of %s: %d %s\n%s", answer.request, o.id, c.version,
		answer.status, answer.body, answer.header.Get("X-Mock-Reason"))
}

// withReceivers lets something respond at the URLs of webhooks.
func withReceivers(o *mockserver.Options) { o.Transport = &answering{} }

// sendAll sends the wanted calls of all operations. Each call that changes something gets a new default world.
func (c *shownContract) sendAll(
	t *testing.T, world func(testing.TB, ...func(*mockserver.Options)) *harness, whole bool,
) int {
	t.Helper()
	sent := 0
	reading := world(t, asRelease(c.version), withReceivers)
	for _, o := range c.operations {
		for name, call := range c.calls(t, o) {
			isWhole := strings.HasPrefix(name, "all ") || strings.Contains(name, " as ")
			if isWhole == whole && c.impossible(o) == "" {
				sent++
				h := reading
				if o.method != http.MethodGet || beforehand[o.id] != nil {
					h = world(t, asRelease(c.version), withReceivers)
				}
				c.send(t, h, o, call)
			}
		}
	}
	return sent
}

// few are the releases that are tested closely.
func few() []release.Version {
	if testing.Short() {
		return []release.Version{release.Reference}
	}
	return []release.Version{release.Oldest, release.Reference, release.Newest}
}

// TestContractExamples_work sends the examples of each release's contract to the default world: all parameters at once,
// and each example of a whole body, in each kind of body. All calls must succeed, so that pages and collections made
// from the contract work as they are.
func TestContractExamples_work(t *testing.T) {
	t.Parallel()
	releases := distinct()
	if testing.Short() {
		releases = few()
	}
	inEach(t, releases, func(t *testing.T, v release.Version) {
		c := printedContract(t, v, openapi.Form{Release: v})
		assert.Assert(t, c.sendAll(t, newUnjudged, true) > 150)
	})
}

func inEach(t *testing.T, releases []release.Version, check func(*testing.T, release.Version)) {
	t.Helper()
	for _, v := range releases {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			check(t, v)
		})
	}
}

// TestContractExamples_workWhenPlain does the same with the plain contract, and checks the responses against it.
func TestContractExamples_workWhenPlain(t *testing.T) {
	t.Parallel()
	inEach(t, few(), func(t *testing.T, v release.Version) {
		c := printedContract(t, v, openapi.Form{Release: v, Plain: true})
		assert.Assert(t, c.sendAll(t, newHarness, true) > 100)
	})
}

// TestContractExamples_workAlone sends each parameter's example together with the required parameters only.
func TestContractExamples_workAlone(t *testing.T) {
	t.Parallel()
	inEach(t, few(), func(t *testing.T, v release.Version) {
		c := printedContract(t, v, openapi.Form{Release: v})
		assert.Assert(t, c.sendAll(t, newUnjudged, false) > 500)
	})
}

// TestContractExamples_areDocumented checks that docs/contract.md says which calls must come first, and who may call.
func TestContractExamples_areDocumented(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(docstest.Page(t, "contract.md"), "\n## Examples\n")
	section, _, _ = strings.Cut(section, "\n## ")
	prose, table, _ := strings.Cut(section, "| To try | send first |")
	told := map[string][]string{}
	quoted := regexp.MustCompile("`(\\w+)`")
	for line := range strings.Lines(table) {
		left, right, _ := strings.Cut(strings.Trim(line, "| "), "|")
		for _, name := range quoted.FindAllStringSubmatch(left, -1) {
			for _, first := range quoted.FindAllStringSubmatch(right, -1) {
				told[name[1]] = append(told[name[1]], first[1])
			}
		}
	}
	assert.DeepEqual(t, told, beforehand)
	var named []string
	for _, name := range quoted.FindAllStringSubmatch(prose, -1) {
		if openapi.GitLab().Operation(name[1]) != nil {
			named = append(named, name[1])
		}
	}
	assert.DeepEqual(t, named, asAdministrator)
}

// distinct are the releases whose contracts differ. For releases with the same contract, it has the first one.
func distinct() []release.Version {
	seen := map[*openapi.Document]bool{}
	return slices.DeleteFunc(release.All(), func(v release.Version) bool {
		d := openapi.GitLab().At(v)
		known := seen[d]
		seen[d] = true
		return known
	})
}

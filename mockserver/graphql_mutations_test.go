package mockserver_test

import (
	"fmt"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Fields of the three mutations.
const (
	createField  = "branchRuleExternalStatusCheckCreate"
	updateField  = "branchRuleExternalStatusCheckUpdate"
	destroyField = "branchRuleExternalStatusCheckDestroy"
)

// payloadErrors is a payload that refuses.
func payloadErrors(field, rest, messages string) string {
	return `{"data":{"` + field + `":{"externalStatusCheck":null,"errors":[` + messages + `]` + rest + `}}}`
}

func TestGraphQL_createsChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	created := func(as string, members map[string]any) response {
		return h.ask(as, createMutation, "input", members)
	}
	created("maintainer", newCheck(mainRule, "sharedSecret", "s", "clientMutationId", "x")).
		answers(`{"data":{"` + createField + `":{"externalStatusCheck":{"id":"` + checkGID +
			`3","name":"New","externalUrl":"https://new.example","hmac":true},"errors":[],"clientMutationId":"x"}}}`)
	check := h.do("maintainer", "GET", checksPath, nil).want(200)
	assert.Equal(t, check.text("2.name"), "New")
	assert.Equal(t, check.text("2.protected_branches.0.id"), "14")
	created("maintainer", input("branchRuleId", allRule, "name", "All", "externalUrl", "https://all.example")).
		answers(`{"data":{"` + createField + `":{"externalStatusCheck":{"id":"` + checkGID +
			`4","name":"All","externalUrl":"https://all.example","hmac":false},"errors":[],"clientMutationId":null}}}`)
	assert.Equal(t, asListed(h.do("maintainer", "GET", checksPath, nil).want(200), "3.protected_branches"), 0)
}

// asListed is how many items a list of the body has.
func asListed(r response, path string) int {
	list, _ := r.get(path).([]any)
	return len(list)
}

func TestGraphQL_refusesChecks(t *testing.T) {
	t.Parallel()
	const none = `,"clientMutationId":null`
	for _, c := range []struct {
		name, as string
		members  map[string]any
		want     string
	}{
		{"a taken name and URL", "maintainer", newCheck(mainRule, "name", "Service 1", "externalUrl",
			"https://checks.example/test-endpoint"), payloadErrors(createField, none,
			`"External url has already been taken","Name has already been taken"`)},
		{"blanks", "maintainer", newCheck(mainRule, "name", "", "externalUrl", ""), payloadErrors(createField, none,
			`"External url can't be blank","External url must be a valid URL","Name `+
				`can't be blank"`)},
		{
			"a long secret", "maintainer", newCheck(mainRule, "sharedSecret", strings.Repeat("s", 256)),
			payloadErrors(createField, none, `"Shared secret is too long (maximum is 255 characters)"`),
		},
		{"all protected branches", "maintainer", newCheck(allProtected), payloadErrors(createField, none,
			`"All protected branches not allowed"`)},
		{"an unknown rule", "maintainer", newCheck("gid://gitlab/Projects::BranchRule/99"), notAvailableAt(2, 3,
			createField)},
		{
			"an unknown project", "maintainer", newCheck("gid://gitlab/Projects::AllBranchesRule/99"),
			notAvailableAt(2, 3, createField),
		},
		{"a developer", "developer", newCheck(mainRule), notAvailableAt(2, 3, createField)},
		{"a developer, all protected branches", "developer", newCheck(allProtected), notAvailableAt(2, 3, createField)},
		{"a stranger", "stranger", newCheck(allRule), notAvailableAt(2, 3, createField)},
		{"nobody", "", newCheck(mainRule), notAvailableAt(2, 3, createField)},
		{"a token that only reads", "reads", newCheck(mainRule), notAvailableAt(2, 3, createField)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			h.update(func(tx *gitlab.Tx) error {
				u, _ := tx.UserByUsername("maintainer")
				tx.CreateToken(gitlab.Token{UserID: u.ID, Kind: gitlab.PersonalToken, Scopes: []string{"read_api"}},
					"glpat-reads")
				return nil
			})
			h.ask(c.as, createMutation, "input", c.members).answers(c.want)
			assert.DeepEqual(t, h.do("maintainer", "GET", checksPath, nil).want(200).column("id"), []string{"1", "2"})
		})
	}
	h := newHarness(t)
	h.ask("maintainer", createMutation, "input", newCheck(mainRule, "name", strings.Repeat("n",
		256))).wantGraphQL(500, serverBroke)
}

func TestGraphQL_updatesChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	update := func(rule string, id int, more ...any) response {
		members := newCheck(rule, more...)
		members["id"] = checkGID + string(rune('0'+id))
		return h.ask("maintainer", updateMutation, "input", members)
	}
	branches := func() string {
		return asText(h.do("maintainer", "GET", checksPath, nil).want(200), "0.protected_branches.#.id")
	}
	second := h.do("maintainer", "POST", protectedPath, set("name", "second")).want(201).number("id")
	h.do("maintainer", "PUT", checksPath+"/1", set("protected_branch_ids", []int64{14, second})).want(200)
	update(allRule, 1).answers(`{"data":{"` + updateField + `":{"externalStatusCheck":{"id":"` + checkGID +
		`1","name":"New","externalUrl":"https://new.example","hmac":true},"errors":[]}}}`)
	assert.Equal(t, branches(), "2", "all branches leave the scope as it is")
	assert.Equal(t, update(mainRule, 1, "sharedSecret", "").text("data."+updateField+".externalStatusCheck.hmac"),
		"false")
	assert.Equal(t, branches(), "1", "a branch becomes the only one")
	assert.Equal(t, update(mainRule, 2, "name", "Other", "externalUrl", "https://other.example", "sharedSecret", "s").
		text("data."+updateField+".externalStatusCheck.hmac"), "true")
	update(mainRule, 9).answers(payloadErrors(updateField, "", `"Not found"`))
	update(allProtected, 1).answers(payloadErrors(updateField, "", `"All protected branches not allowed"`))
	update(mainRule, 2).answers(payloadErrors(updateField, "",
		`"External url has already been taken","Name has already been taken"`))
}

// asText counts the items of a list, as text.
func asText(r response, path string) string {
	list, _ := r.get(strings.TrimSuffix(path, ".#.id")).([]any)
	return string(rune('0' + len(list)))
}

func TestGraphQL_destroysChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	destroy := func(as, rule, id string) response {
		return h.ask(as, destroyMutation, "input", input("branchRuleId", rule, "id", checkGID+id))
	}
	const gone = `{"data":{"` + destroyField + `":{"errors":[]}}}`
	destroy("developer", mainRule, "1").answers(notAvailableAt(2, 3, destroyField))
	destroy("maintainer", allProtected, "1").answers(`{"data":{"` + destroyField +
		`":{"errors":["All protected branches not allowed"]}}}`)
	destroy("maintainer", mainRule, "9").answers(`{"data":{"` + destroyField + `":{"errors":["Not found"]}}}`)
	destroy("maintainer", mainRule, "2").answers(gone)
	destroy("maintainer", allRule, "1").answers(gone)
	assert.DeepEqual(t, h.do("maintainer", "GET", checksPath, nil).want(200).column("id"), []string{})
	wrong := h.ask("maintainer", destroyMutation, "input", input("branchRuleId", mainRule, "id",
		"gid://gitlab/Project/6"))
	assert.Assert(t, strings.Contains(wrong.text("errors.0.message"),
		"does not represent an instance of MergeRequests::ExternalStatusCheck"))
}

func TestGraphQL_severalMutations(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.ask("maintainer", `mutation {
  a: branchRuleExternalStatusCheckDestroy(input: {branchRuleId: "`+mainRule+`", id: "`+checkGID+`1"}) { errors }
  b: branchRuleExternalStatusCheckDestroy(
    input: {branchRuleId: "gid://gitlab/Projects::BranchRule/99", id: "`+checkGID+`1"}) { errors }
  c: branchRuleExternalStatusCheckDestroy(input: {branchRuleId: "`+mainRule+`", id: "`+checkGID+`1"}) { errors }
}`).answers(`{"errors":[{"message":"` + mockserver.NotAvailable +
		`","locations":[{"line":3,"column":3}],"path":["b"]}],` +
		`"data":{"a":{"errors":[]},"b":null,"c":{"errors":["Not found"]}}}`)
}

func TestGraphQL_mutationsInReadOnlyTimes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.update(func(tx *gitlab.Tx) error {
		settings := tx.Settings()
		settings.Writing.Mode = gitlab.Maintenance
		tx.SetSettings(settings)
		return nil
	})
	answer := h.ask("maintainer", createMutation, "input", newCheck(mainRule)).want(200)
	assert.Equal(t, answer.text("errors.0.message"), "You cannot perform write operations on a read-only instance")
	h.ask("maintainer", `{ __typename }`).answers(typename)
}

func TestGraphQL_groupRulesTakeNoChecks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var id int64
	h.update(func(tx *gitlab.Tx) error {
		id = int64(tx.InsertProtectedBranch(gitlab.ProtectedBranch{NamespaceID: 9, Name: "group"}).ID)
		return nil
	})
	rules := h.ask("owner", `{ project(fullPath: "flightjs/Flight") { branchRules { nodes { id name } } } }`).want(200)
	assert.Equal(t, rules.text("data.project.branchRules.nodes.2.name"), "group")
	h.ask("owner", createMutation, "input", newCheck(fmt.Sprint("gid://gitlab/Projects::BranchRule/", id))).
		answers(notAvailableAt(2, 3, createField))
}

package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// resolveBranchRules returns a page of the branch rules of a project. Who may not see them gets a page without them.
func resolveBranchRules(c graphql.Call) (any, error) {
	a, p := c.Context.(*asked), c.Source.(gitlab.Project)
	limit := mostItems
	if n, given := c.Args["first"].(int64); given {
		limit = int(min(n, mostItems))
	}
	text, _ := c.Args["after"].(string)
	after, err := ruleCursor(text)
	if err != nil {
		return nil, err
	}
	page, err := newRuleFinder(a.tx, p, gitlab.ChoiceOf(c.Args["buildMissing"] == true)).page(after, limit)
	if err != nil {
		return nil, err
	}
	shown := connection{info: pageInfo{onward: page.onward}}
	if page.end != nil {
		shown.info.end = base64.StdEncoding.EncodeToString(encodeJSON(page.end))
	}
	if !a.tx.ManagesBranchRules(a.call.actor, p) {
		return shown, nil
	}
	for i, r := range page.rules[:min(limit, len(page.rules))] {
		shown.edges = append(shown.edges, edge{encodeCursor(strconv.Itoa(i + 1)), r})
	}
	return shown, nil
}

// branchRuleCursor is the end of a page of branch rules. The two rules that do not belong to one branch have no id.
type branchRuleCursor struct {
	Name string                    `json:"name"`
	ID   *gitlab.ProtectedBranchID `json:"id"`
}

var cursorNames = map[gitlab.BranchRuleKind]string{
	gitlab.AllBranchesRule: "all_branches", gitlab.AllProtectedBranchesRule: "all_protected_branches",
}

func cursorOf(r gitlab.BranchRule) *branchRuleCursor {
	if r.Kind == gitlab.ProtectedBranchRule {
		return &branchRuleCursor{r.Branch.Name, &r.Branch.ID}
	}
	return &branchRuleCursor{Name: cursorNames[r.Kind]}
}

// ruleCursor reads a cursor. Without one it is nil.
func ruleCursor(text string) (*branchRuleCursor, error) {
	if text == "" {
		return nil, nil
	}
	plain, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, &graphql.Error{Message: "Invalid cursor: invalid base64"}
	}
	var read any
	if err := json.Unmarshal(plain, &read); err != nil {
		return nil, &graphql.Error{Message: "Invalid cursor: unexpected character at line 1, column 1"}
	}
	if read == nil || read == false {
		return nil, nil
	}
	var cursor struct {
		Name any `json:"name"`
		ID   any `json:"id"`
	}
	if err := json.Unmarshal(plain, &cursor); err != nil {
		return nil, errors.New("GitLab takes no cursor that is not an object")
	}
	after := &branchRuleCursor{}
	after.Name, _ = cursor.Name.(string)
	number, isNumber := cursor.ID.(float64)
	if id, isText := cursor.ID.(string); isText {
		whole, err := strconv.ParseInt(id, 10, 64)
		number, isNumber = float64(whole), err == nil
	}
	if isNumber {
		id := gitlab.ProtectedBranchID(number)
		after.ID = &id
	}
	return after, nil
}

// ruleFinder finds pages of branch rules as GitLab does, with its mistakes: where the first page with branches ends
// with the default branch, which comes before its turn, the next page lacks the branches whose names sort before it;
// and a page of the default branch alone claims that more follow.
//
// Source: app/finders/projects/branch_rules_finder.rb.
type ruleFinder struct {
	two, branches []gitlab.BranchRule
	standard      string              // the name of the default branch
	first         []gitlab.BranchRule // that of the default branch, if the project itself protects it
}

// rulePage is a page of branch rules. Its end is nil if there is no cursor.
type rulePage struct {
	rules  []gitlab.BranchRule
	end    *branchRuleCursor
	onward bool
}

func newRuleFinder(tx *gitlab.Tx, p gitlab.Project, missing gitlab.Choice) ruleFinder {
	f := ruleFinder{standard: p.DefaultBranch}
	f.two, f.branches = tx.BranchRuleLists(p, missing)
	for _, r := range f.branches {
		if r.Branch.Name == f.standard && r.Branch.NamespaceID == 0 {
			f.first = []gitlab.BranchRule{r}
		}
	}
	return f
}

// page is what comes after a cursor, or from the start. GitLab breaks where the size of a page makes no sense.
func (f ruleFinder) page(after *branchRuleCursor, limit int) (rulePage, error) {
	switch {
	case limit < 0 || limit == 0 && after != nil:
		return rulePage{}, errors.New("GitLab fails for a first that is negative, or 0 behind a cursor")
	case after == nil && len(f.two) > limit:
		return fullPage(f.two[:limit]), nil
	case after == nil:
		return f.behindTwo(f.two, limit), nil
	case after.ID == nil && (after.Name == cursorNames[gitlab.AllBranchesRule] ||
		after.Name == cursorNames[gitlab.AllProtectedBranchesRule]):
		i := slices.IndexFunc(f.two, func(r gitlab.BranchRule) bool { return cursorOf(r).Name == after.Name })
		if i >= 0 && i < len(f.two)-1 {
			return f.behindTwo(f.two[i+1:], limit), nil
		}
		if len(f.first) > 0 {
			return f.firstPage(f.withoutDefault(f.branches), limit), nil
		}
		return plainPage(f.branches, limit), nil
	case after.ID == nil:
		return plainPage(f.branches, limit), nil
	}
	return plainPage(slices.DeleteFunc(f.withoutDefault(f.branches), func(r gitlab.BranchRule) bool {
		return r.Branch.Name < after.Name || r.Branch.Name == after.Name && r.Branch.ID <= *after.ID
	}), limit), nil
}

// behindTwo is a page that begins with some of the two.
func (f ruleFinder) behindTwo(some []gitlab.BranchRule, limit int) rulePage {
	left := limit - len(some)
	if left <= 0 {
		page := fullPage(some)
		page.onward = len(f.branches) > 0
		return page
	}
	rest := plainPage(f.branches, left)
	if len(f.first) > 0 {
		rest = f.firstPage(f.branches[:min(left, len(f.branches))], left)
	}
	rest.rules = slices.Concat(some, rest.rules)
	return rest
}

// firstPage is a page that begins with the default branch, which takes one place.
func (f ruleFinder) firstPage(branches []gitlab.BranchRule, limit int) rulePage {
	if len(branches) == 0 {
		return rulePage{}
	}
	others := slices.DeleteFunc(slices.Clone(branches[:min(limit-1, len(branches))]), func(r gitlab.BranchRule) bool {
		return r.Branch.ID == f.first[0].Branch.ID
	})
	rules := slices.Concat(f.first, others)
	if len(branches) < limit {
		return rulePage{rules: rules}
	}
	return fullPage(rules)
}

func (f ruleFinder) withoutDefault(branches []gitlab.BranchRule) []gitlab.BranchRule {
	return slices.DeleteFunc(slices.Clone(branches), func(r gitlab.BranchRule) bool {
		return r.Branch.Name == f.standard
	})
}

// plainPage has an end if there is more.
func plainPage(rules []gitlab.BranchRule, limit int) rulePage {
	if len(rules) <= limit {
		return rulePage{rules: rules}
	}
	return fullPage(rules[:limit])
}

// fullPage is followed by another, and has the cursor of its last rule.
func fullPage(rules []gitlab.BranchRule) rulePage {
	page := rulePage{rules: rules, onward: true}
	if len(rules) > 0 {
		page.end = cursorOf(rules[len(rules)-1])
	}
	return page
}

package mockserver

import (
	"cmp"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var tokenOperations = map[string]operation{
	"createPersonalAccessToken":  {run: createPersonalAccessToken},
	"listPersonalAccessTokens":   {run: listPersonalAccessTokens},
	"getPersonalAccessTokenSelf": {run: getPersonalAccessTokenSelf, scopes: anyScope},
	"revokePersonalAccessToken":  {run: revokePersonalAccessToken},
	"listProjectAccessTokens":    inProject(gitlab.ReadProject, listProjectAccessTokens),
	"createProjectAccessToken":   inProject(gitlab.ReadProject, createProjectAccessToken),
	"getProjectAccessToken":      inProject(gitlab.ReadProject, getProjectAccessToken),
	"revokeProjectAccessToken":   inProject(gitlab.ReadProject, revokeProjectAccessToken),
}

// anyScope lists the scopes that each suffice to read about the token itself.
var anyScope = strings.Fields("api read_api read_user read_repository write_repository read_registry write_registry " +
	"create_runner manage_runner " +
	"ai_features k8s_proxy sudo admin_mode self_rotate")

func createPersonalAccessToken(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.administrators(); err != nil {
		return reply{}, err
	}
	u, err := c.findUser(tx, "user_id")
	if err != nil {
		return reply{}, err
	}
	t := c.requestedToken()
	t.UserID = u.ID
	t, secret, err := tx.IssuePersonalToken(t)
	if err != nil {
		return reply{}, err
	}
	return created(newToken{presentToken(tx, t), secret})
}

// requestedToken is the new token that the parameters describe.
func (c *call) requestedToken() gitlab.Token {
	p := c.params
	return gitlab.Token{
		Name: p.text("name"), Description: p.text("description"), Scopes: p.texts("scopes"),
		ExpiresOn:   p.instant("expires_at"),
		AccessLevel: gitlab.AccessLevel(p.number("access_level")),
	}
}

// choosesToken reports whether a token passes the filters in the request.
func (c *call) choosesToken(tx *gitlab.Tx, t gitlab.Token) bool {
	p := c.params
	revoked := p.flagIf("revoked")
	switch {
	case revoked != nil && *revoked != t.Revoked, !mentions(p.text("search"), t.Name):
		return false
	case p.text("state") == "active" && !t.Active(tx.Now), p.text("state") == "inactive" && t.Active(tx.Now):
		return false
	}
	return p.between(t.CreatedAt, "created_after", "created_before") && p.between(t.ExpiresOn, "expires_after",
		"expires_before") &&
		p.between(t.LastUsedAt, "last_used_after", "last_used_before")
}

// sortTokens sorts tokens as the parameter sort says, such as expires_desc.
func (c *call) sortTokens(tokens []gitlab.Token) {
	by, direction, _ := cutLast(c.params.text("sort"), "_")
	slices.SortStableFunc(tokens, func(a, b gitlab.Token) int {
		var order int
		switch by {
		case "created":
			order = a.CreatedAt.Compare(b.CreatedAt)
		case "expires":
			order = a.ExpiresOn.Compare(b.ExpiresOn)
		case "last_used":
			order = a.LastUsedAt.Compare(b.LastUsedAt)
		case "name":
			order = compareNames(a.Name, b.Name)
		}
		if direction == "desc" {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(a.ID, b.ID))
	})
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

func listPersonalAccessTokens(c *call, tx *gitlab.Tx) (reply, error) {
	owner := gitlab.UserID(c.params.number("user_id"))
	if c.params.has("user_id") && owner != c.actor.User.ID && !c.actor.Admin() {
		return reply{}, &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "only administrators see the tokens of " +
			"others"}
	}
	if !c.actor.Admin() {
		owner = c.actor.User.ID
	}
	tokens := kept(tx.Tokens(), func(t gitlab.Token) bool {
		isAccess := t.Kind == gitlab.PersonalToken || t.Kind == gitlab.ProjectToken
		return isAccess && (owner == 0 || t.UserID == owner) && c.choosesToken(tx, t)
	})
	c.sortTokens(tokens)
	return listed(c, tx, tokens, func(t gitlab.Token) tokenEntity { return presentToken(tx, t) })
}

func getPersonalAccessTokenSelf(c *call, tx *gitlab.Tx) (reply, error) {
	if c.actor.Token.Kind == gitlab.OAuthToken {
		return reply{}, &gitlab.Refusal{Kind: gitlab.BadRequest, Text: "This endpoint requires token type to be a " +
			"personal access token", Reason: "the caller has an OAuth token"}
	}
	return ok(presentToken(tx, c.actor.Token))
}

func revokePersonalAccessToken(c *call, tx *gitlab.Tx) (reply, error) {
	if err := tx.WithdrawPersonalToken(c.actor, gitlab.TokenID(c.params.number("id"))); err != nil {
		return reply{}, err
	}
	return noContent()
}

// mayReadTokens refuses with 401 if the caller may not see a project's tokens.
func (c *call) mayReadTokens(tx *gitlab.Tx) error {
	if !tx.Can(c.actor, gitlab.ManageResourceAccessTokens, c.project) {
		return &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "the access tokens of a project are for its " +
			"Maintainers; GitLab says 401 here, not 403"}
	}
	return nil
}

func listProjectAccessTokens(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.mayReadTokens(tx); err != nil {
		return reply{}, err
	}
	tokens := kept(tx.ProjectTokens(c.project.ID), func(t gitlab.Token) bool { return c.choosesToken(tx, t) })
	c.sortTokens(tokens)
	return listed(c, tx, tokens, func(t gitlab.Token) projectToken { return presentProjectToken(tx, t) })
}

func createProjectAccessToken(c *call, tx *gitlab.Tx) (reply, error) {
	t, secret, err := tx.IssueProjectToken(c.actor, c.project, c.requestedToken())
	if err != nil {
		return reply{}, err
	}
	e := presentProjectToken(tx, t)
	e.Token = secret
	return created(e)
}

// findProjectToken looks up the token of the project that the path names.
func (c *call) findProjectToken(tx *gitlab.Tx) (gitlab.Token, error) {
	text := c.params.text("token_id")
	id, isNumber := castInteger(text)
	t, found := tx.Token(gitlab.TokenID(id))
	if !isNumber || !found || t.Kind != gitlab.ProjectToken || t.ProjectID != c.project.ID {
		return t, missing("Could not find project access token with token_id: "+text, "the project has no such token")
	}
	return t, nil
}

func getProjectAccessToken(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.mayReadTokens(tx); err != nil {
		return reply{}, err
	}
	t, err := c.findProjectToken(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentProjectToken(tx, t))
}

func revokeProjectAccessToken(c *call, tx *gitlab.Tx) (reply, error) {
	t, err := c.findProjectToken(tx)
	if err != nil {
		return reply{}, err
	}
	if err := tx.WithdrawProjectToken(c.actor, c.project, t); err != nil {
		return reply{}, err
	}
	return noContent()
}

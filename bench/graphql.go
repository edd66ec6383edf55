package main

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

// rulesQuery asks for what the documents of GitLab ask for: the branch rules of a project, with their checks.
const rulesQuery = `query($path: ID!) {
  project(fullPath: $path) {
    branchRules { nodes { id name isDefault externalStatusChecks { nodes { id name externalUrl } } } }
  }
}`

// graphQLRows compare GraphQL with a handler that does nothing but answer the same bytes.
func graphQLRows(ctx context.Context, s settings) ([]row, error) {
	world, err := newWorld(seed.Default())
	if err != nil {
		return nil, err
	}
	defer world.end()
	rules, err := compare(ctx, s, &world.rules)
	if err != nil {
		return nil, err
	}
	return []row{
		{"branch rules with checks (GraphQL), of a bare handler's rate", rules.String(), "≥ 0.25", rules.ratio >= 0.25},
	}, nil
}

// newRules asks for the branch rules of a project.
func newRules(root, project string) (exchange, error) {
	op := openapi.GitLab().Operation("postGraphQL")
	body, err := json.Marshal(map[string]any{"query": rulesQuery, "variables": map[string]any{"path": project}})
	return exchange{
		method: http.MethodPost, url: root + op.Root() + op.Path, token: "glpat-maintainer", body: body,
		status: http.StatusOK,
	}, err
}

package clientgo

import (
	"testing"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
	"gotest.tools/v3/assert"
)

// TestGraphQL asks by the client's own GraphQL, which sends no name of an operation and looks at no errors in a 200.
func TestGraphQL(t *testing.T) {
	f := newFixture(t)
	name := gitlab.Ptr("By REST")
	check, _, err := f.client.ExternalStatusChecks.CreateProjectExternalStatusCheck(f.project.ID,
		&gitlab.CreateProjectExternalStatusCheckOptions{
			Name:        name,
			ExternalURL: gitlab.Ptr("https://example.com/rest?a=b"),
		})
	assert.NilError(t, err)
	var answer struct {
		Data struct {
			Project struct {
				BranchRules struct {
					Nodes []struct {
						Name                 string
						ExternalStatusChecks struct {
							Nodes []struct{ ID, Name, ExternalURL string }
						}
					}
				}
			}
		}
	}
	_, err = f.client.GraphQL.Do(gitlab.GraphQLQuery{
		Query: `query($path: ID!) { project(fullPath: $path) { branchRules { nodes { name
  externalStatusChecks { nodes { id name externalUrl } } } } } }`,
		Variables: map[string]any{"path": f.project.PathWithNamespace},
	}, &answer)
	assert.NilError(t, err)
	rules := answer.Data.Project.BranchRules.Nodes
	assert.Equal(t, rules[0].Name, "All branches")
	checks := rules[0].ExternalStatusChecks.Nodes
	assert.Equal(t, len(checks), 1)
	assert.Equal(t, checks[0].Name, "By REST")
	assert.Equal(t, checks[0].ExternalURL, "https://example.com/rest?a=b")
	assert.Assert(t, check.ID > 0)

	var refused struct{ Errors []struct{ Message string } }
	stranger, err := gitlab.NewClient("glpat-unknown", gitlab.WithBaseURL(f.server.URL))
	assert.NilError(t, err)
	_, err = stranger.GraphQL.Do(gitlab.GraphQLQuery{Query: `{ __typename }`}, &refused)
	assert.ErrorContains(t, err, "Invalid token")
}

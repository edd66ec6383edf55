package mockserver

import (
	"fmt"
	"maps"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// graphQLResolvers holds the resolvers of all fields of the schema, by Type.field. A test checks that schema and
// resolvers agree.
var graphQLResolvers = collectResolvers(
	queryResolvers, projectResolvers, branchRuleResolvers, mergeRequestResolvers, mutationResolvers,
	connectionResolvers("BranchRule"), connectionResolvers("ExternalStatusCheck"),
	connectionResolvers("ApprovalProjectRule"), connectionResolvers("UserCore"),
	accessLevelResolvers("MergeAccessLevel"), accessLevelResolvers("PushAccessLevel"),
	accessLevelResolvers("UnprotectAccessLevel"), branchProtectionResolvers,
	personResolvers("AccessLevelUser"), personResolvers("UserCore"),
	groupResolvers("Group"), groupResolvers("AccessLevelGroup"),
)

func collectResolvers(groups ...map[string]graphql.Resolver) map[string]graphql.Resolver {
	all := map[string]graphql.Resolver{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}

// of makes a resolver of a field of an object.
func of[T any](value func(*asked, T) any) graphql.Resolver {
	return func(c graphql.Call) (any, error) { return value(c.Context.(*asked), c.Source.(T)), nil }
}

// root makes a resolver of a field of the query itself.
func root(value func(*asked, map[string]any) any) graphql.Resolver {
	return func(c graphql.Call) (any, error) { return value(c.Context.(*asked), c.Args), nil }
}

// Null or a value, for fields that may have none.
func nullableText(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func nullableTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// anyOf converts rows to the values that resolvers return.
func anyOf[T any](rows []T) []any {
	list := make([]any, len(rows))
	for i, r := range rows {
		list[i] = r
	}
	return list
}

// complexity is the object of QueryComplexity.
type complexity struct{}

var queryResolvers = map[string]graphql.Resolver{
	"Query.currentUser": root(func(a *asked, _ map[string]any) any {
		if a.call.actor.Anonymous() {
			return nil
		}
		return a.call.actor.User
	}),
	"Query.echo": root(func(a *asked, args map[string]any) any {
		who := "nil"
		if !a.call.actor.Anonymous() {
			who = fmt.Sprintf("%q", a.call.actor.User.Username)
		}
		return who + " says: " + args["text"].(string)
	}),
	"Query.metadata": root(func(a *asked, _ map[string]any) any {
		if a.call.actor.Anonymous() {
			return nil
		}
		return presentVersion(a.tx)
	}),
	"Query.project": root(func(a *asked, args map[string]any) any {
		p, moved, found := a.tx.ProjectByPath(args["fullPath"].(string))
		if !found || moved || !a.tx.Can(a.call.actor, gitlab.ReadProject, p) {
			return nil
		}
		return p
	}),
	"Query.queryComplexity": root(func(*asked, map[string]any) any { return complexity{} }),

	"QueryComplexity.score": of(func(a *asked, _ complexity) any { return int64(a.score) }),
	"QueryComplexity.limit": of(func(a *asked, _ complexity) any { return int64(a.limit) }),

	"Metadata.version":    of(func(_ *asked, m metadata) any { return m.Version }),
	"Metadata.revision":   of(func(_ *asked, m metadata) any { return m.Revision }),
	"Metadata.enterprise": of(func(*asked, metadata) any { return true }),

	"CurrentUser.id":       of(func(_ *asked, u gitlab.User) any { return gid("User", u.ID) }),
	"CurrentUser.name":     of(func(_ *asked, u gitlab.User) any { return u.Name }),
	"CurrentUser.username": of(func(_ *asked, u gitlab.User) any { return u.Username }),
	"CurrentUser.webPath":  of(func(_ *asked, u gitlab.User) any { return "/" + u.Username }),
	"CurrentUser.webUrl":   of(func(a *asked, u gitlab.User) any { return a.tx.BaseURL() + "/" + u.Username }),
}

var projectResolvers = map[string]graphql.Resolver{
	"Project.id":         of(func(_ *asked, p gitlab.Project) any { return gid("Project", p.ID) }),
	"Project.name":       of(func(_ *asked, p gitlab.Project) any { return p.Name }),
	"Project.path":       of(func(_ *asked, p gitlab.Project) any { return p.Path }),
	"Project.fullPath":   of(func(_ *asked, p gitlab.Project) any { return p.FullPath }),
	"Project.archived":   of(func(_ *asked, p gitlab.Project) any { return p.Archived }),
	"Project.visibility": of(func(_ *asked, p gitlab.Project) any { return string(p.Visibility) }),
	"Project.webUrl":     of(func(a *asked, p gitlab.Project) any { return a.tx.BaseURL() + "/" + p.FullPath }),
	"Project.onlyAllowMergeIfAllStatusChecksPassed": of(func(_ *asked, p gitlab.Project) any {
		return p.RequirePassingStatusChecks
	}),
	"Project.onlyAllowMergeIfAllDiscussionsAreResolved": of(func(_ *asked, p gitlab.Project) any {
		return p.RequireResolvedDiscussions
	}),
	"Project.onlyAllowMergeIfPipelineSucceeds": of(func(_ *asked, p gitlab.Project) any {
		return p.RequireSucceededPipeline
	}),
	"Project.group":           of(func(a *asked, p gitlab.Project) any { return a.visibleGroup(p.NamespaceID) }),
	"Group.fullPath":          of(func(_ *asked, n gitlab.Namespace) any { return n.FullPath }),
	"Group.path":              of(func(_ *asked, n gitlab.Namespace) any { return n.Path }),
	"Project.branchRules":     resolveBranchRules,
	"Project.mergeRequest":    resolveMergeRequest,
	"Project.userPermissions": of(func(_ *asked, p gitlab.Project) any { return p }),

	"ProjectPermissions.adminProject": of(func(a *asked, p gitlab.Project) any {
		return a.tx.Can(a.call.actor, gitlab.AdminProject, p)
	}),
	"ProjectPermissions.readProject": of(func(a *asked, p gitlab.Project) any {
		return a.tx.Can(a.call.actor, gitlab.ReadProject, p)
	}),
}

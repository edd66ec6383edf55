package mockserver

import (
	"errors"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// notAvailable is GraphQL's message for everything that does not exist or that the caller may not see or do.
const notAvailable = "The resource that you are attempting to access does not exist or you don't have permission to " +
	"perform this action"

// ruleAnswer is the payload of a mutation whose service has run.
type ruleAnswer struct {
	clientMutationID any
	check            any // nil where there is none
	errors           []any
}

// ruleMutation is the input of a mutation of checks.
type ruleMutation struct {
	input  map[string]any
	rule   gitlab.BranchRuleID
	check  gitlab.CheckID
	change gitlab.ExternalStatusCheckChange
}

func readRuleMutation(input map[string]any) ruleMutation {
	rule := input["branchRuleId"].(globalID)
	m := ruleMutation{
		input: input, rule: gitlab.BranchRuleID{Kind: gitlab.BranchRuleKind(rule.model), Number: rule.number},
		change: gitlab.ExternalStatusCheckChange{
			Name: inputText(input, "name"), ExternalURL: inputText(input, "externalUrl"),
			SharedSecret: inputText(input, "sharedSecret"),
		},
	}
	if check, given := input["id"].(globalID); given {
		m.check = gitlab.CheckID(check.number)
	}
	return m
}

// inputText returns a text of the input; null counts as an empty text. It is nil if the input does not have the text.
func inputText(input map[string]any, name string) *string {
	value, given := input[name]
	if !given {
		return nil
	}
	text, _ := value.(string)
	return &text
}

// mutate resolves a mutation of a check. Refusals of its service are errors in the payload. If the caller may not do it
// at all, the error is a top-level error.
func mutate(run func(*asked, ruleMutation) (any, error)) graphql.Resolver {
	return func(c graphql.Call) (any, error) {
		a, m := c.Context.(*asked), readRuleMutation(c.Args["input"].(map[string]any))
		if a.writing.Mode != gitlab.WritesAllowed {
			return nil, &graphql.Error{Message: readOnlyText}
		}
		if a.call.actor.Anonymous() || a.readOnly {
			return nil, &graphql.Error{Message: notAvailable}
		}
		check, err := run(a, m)
		answer := ruleAnswer{clientMutationID: m.input["clientMutationId"], check: check, errors: []any{}}
		var refused *gitlab.Refusal
		switch {
		case err == nil:
		case errors.As(err, &refused) && refused.Kind == gitlab.Invalid:
			answer.check = nil
			for _, message := range refused.Messages {
				answer.errors = append(answer.errors, message)
			}
		case errors.As(err, &refused) && refused.Kind != gitlab.Broken:
			return nil, &graphql.Error{Message: notAvailable}
		default:
			return nil, err
		}
		return answer, nil
	}
}

var mutationResolvers = collectResolvers(
	map[string]graphql.Resolver{
		"Mutation.branchRuleExternalStatusCheckCreate": mutate(func(a *asked, m ruleMutation) (any, error) {
			return a.tx.CreateBranchRuleCheck(a.call.actor, m.rule, m.change)
		}),
		"Mutation.branchRuleExternalStatusCheckUpdate": mutate(func(a *asked, m ruleMutation) (any, error) {
			return a.tx.UpdateBranchRuleCheck(a.call.actor, m.rule, m.check, m.change)
		}),
		"Mutation.branchRuleExternalStatusCheckDestroy": mutate(func(a *asked, m ruleMutation) (any, error) {
			return nil, a.tx.DeleteBranchRuleCheck(a.call.actor, m.rule, m.check)
		}),
	},
	payloadResolvers("Create"), payloadResolvers("Update"), payloadResolvers("Destroy"),
)

func payloadResolvers(verb string) map[string]graphql.Resolver {
	t := "BranchRuleExternalStatusCheck" + verb + "Payload"
	resolvers := map[string]graphql.Resolver{
		t + ".clientMutationId": of(func(_ *asked, p ruleAnswer) any { return p.clientMutationID }),
		t + ".errors":           of(func(_ *asked, p ruleAnswer) any { return p.errors }),
	}
	if verb != "Destroy" {
		resolvers[t+".externalStatusCheck"] = of(func(_ *asked, p ruleAnswer) any { return p.check })
	}
	return resolvers
}

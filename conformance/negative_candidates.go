package conformance

import (
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// candidate is one way to give a parameter a value that may break a rule; the contract decides whether it does.
type candidate struct {
	what    string // for people
	encode  string
	value   any
	omit    bool   // leave the parameter out
	variant string // the word, if other releases take it
}

// noSuchID is the id of nothing, so that a target which lets a request through finds nothing that it could change.
const noSuchID = int64(2147483000)

// candidates are the ways that suit the parameter's place. Path and query carry texts alone; lists and maps in forms
// and query strings are spelt with brackets, which only parameters of a body are.
func candidates(op *openapi.Operation, p *openapi.Parameter) []candidate {
	var texts []candidate
	for _, c := range spoilt(op, p) {
		if _, isText := c.value.(string); isText {
			texts = append(texts, c)
		}
	}
	switch p.In {
	case "path":
		return slices.DeleteFunc(texts, func(c candidate) bool { return !pathCarries(c.value.(string)) })
	case "query":
		return texts
	}
	var all []candidate
	for _, encode := range bodyEncodings(op) {
		for _, c := range append([]candidate{{what: "left out", omit: true}}, spoilt(op, p)...) {
			_, isScalar := c.value.(bool)
			if encode != "json" && !c.omit && (isScalar || c.value == nil) {
				continue // a text in any other encoding
			}
			c.encode = encode
			all = append(all, c)
		}
	}
	return all
}

// pathCarries tells whether a text can stand in a path and stay what it is: GitLab takes what follows a dot for a
// format.
func pathCarries(text string) bool { return text != "" && !strings.ContainsAny(text, ". /") }

// spoilt are values that break rules of one kind or another, in JSON's types.
func spoilt(op *openapi.Operation, p *openapi.Parameter) []candidate {
	all := []candidate{
		{what: "a list", value: []any{"statuschecks"}},
		{what: "a map", value: map[string]any{"statuschecks": "1"}},
		{what: "true", value: true},
		{what: "null", value: nil},
		{what: "an empty text", value: ""},
	}
	switch {
	case p.Type == openapi.Integer:
		all = append(all, candidate{what: "a word", value: "abc"}, candidate{
			what:  "a hexadecimal number in a text",
			value: "0x1",
		},
			candidate{what: "a fraction in a text", value: "1.7"}, candidate{what: "zero in a text", value: "0"})
	case len(p.Enum) > 0:
		all = append(all, candidate{what: "another word", value: "statuschecks"}, candidate{
			what:  "a word in capitals",
			value: strings.ToUpper(p.Enum[0]),
		})
		for _, word := range datedWords(op, p) {
			all = append(all, candidate{what: "a word of other releases", value: word, variant: word})
		}
	case p.In == "path":
		all = append(all, candidate{what: "a word", value: "abc"}, candidate{
			what:  "a hexadecimal number",
			value: "0x1",
		})
	}
	return all
}

// datedWords are the words of an enum that some release with the parameter does not take.
func datedWords(op *openapi.Operation, p *openapi.Parameter) []string {
	var dated []string
	for _, r := range releasesOf(op) {
		for _, there := range r.op.Parameters() {
			for _, word := range p.Enum {
				if there.Name == p.Name && !slices.Contains(there.Enum, word) && !slices.Contains(dated, word) {
					dated = append(dated, word)
				}
			}
		}
	}
	return dated
}

// bodyEncodings are the ways to write parameters that the operation documents; its body's may stand in the query as
// well.
func bodyEncodings(op *openapi.Operation) []string {
	known := []string{"json", "form", "multipart", "query"}
	return slices.DeleteFunc(known, func(encode string) bool {
		r, err := rehearsed(op, sound(op), encode)
		return err != nil || slices.ContainsFunc(op.CheckRequest(r.judged(), r.body),
			func(v openapi.Violation) bool { return v.Code == "content-type" })
	})
}

// sound are values for what the operation requires that break nothing, and that find nothing on the target.
func sound(op *openapi.Operation) map[string]any {
	with := map[string]any{}
	for _, p := range op.Parameters() {
		switch {
		case !p.Required || p.Name == "id" && contract.DefaultFor(op, p.Name) != "":
		case p.Type == openapi.Integer:
			with[p.Name] = noSuchID
		case len(p.Enum) > 0:
			with[p.Name] = p.Enum[0]
		case p.In == "path":
			with[p.Name] = "2147483000"
		case strings.HasSuffix(p.Name, "_url"):
			with[p.Name] = "https://status-checks.invalid/negative"
		default:
			with[p.Name] = "statuschecks"
		}
	}
	return with
}

// step is the request with this one value spoilt, and the parameters that its bytes carry.
func (c *candidate) step(op *openapi.Operation, p *openapi.Parameter) (scenario.Step, map[string]any, error) {
	with := sound(op)
	with[p.Name] = c.value
	if c.omit {
		delete(with, p.Name)
	}
	step := scenario.Step{
		Position: scenario.Position{File: "openapi/gitlab.yaml"}, As: scenario.Maintainer, Call: op.ID, With: with,
		Encode: c.encode,
	}
	r, err := rehearsed(op, with, c.encode)
	if err != nil {
		return step, nil, err
	}
	sent, err := r.parameters()
	return step, sent, err
}

// rehearsed is a request as it will be, but for the project and the address.
func rehearsed(op *openapi.Operation, with map[string]any, encode string) (*request, error) {
	filled := maps.Clone(with)
	if _, given := filled["id"]; !given {
		filled["id"] = "1"
	}
	return (&builder{root: "http://gitlab.invalid" + openapi.GitLab().Root()}).build(op,
		input{with: filled, encode: encode})
}

// place says where the parameter stands.
func (c *candidate) place(p *openapi.Parameter) string {
	switch {
	case p.In != "body":
		return "in the " + p.In
	case c.encode == "query":
		return "in the query"
	case c.encode == "json":
		return "as JSON"
	}
	return "as " + map[string]string{"form": "a form", "multipart": "a multipart form"}[c.encode]
}

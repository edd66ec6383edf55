package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/openapi"
)

// parameters reads back what the bytes of a request say, merged as GitLab does: the path wins over the body, the body
// over the query.
func (r *request) parameters() (map[string]any, error) {
	address, err := url.Parse(r.url)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	query, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("read the query: %w", err)
	}
	sent := nested(query)
	body, err := r.bodyParameters()
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	for name, value := range body {
		sent[name] = value
	}
	return sent, r.pathParameters(address, sent)
}

func (r *request) pathParameters(address *url.URL, into map[string]any) error {
	values, fits := r.op.PathValues(address.EscapedPath())
	if !fits {
		return fmt.Errorf("the path %s does not fit %s", address.EscapedPath(), r.op.Path)
	}
	for name, value := range values {
		into[name] = value
	}
	return nil
}

func (r *request) bodyParameters() (map[string]any, error) {
	if !r.hasBody {
		return nil, nil
	}
	kind, details, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	switch kind {
	case "application/json":
		value, err := jsonvalue.Parse(r.body)
		members, _ := jsonvalue.Plain(value).(map[string]any)
		return members, err
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(r.body))
		return nested(form), err
	case "multipart/form-data":
		form, err := parts(multipart.NewReader(bytes.NewReader(r.body), details["boundary"]))
		return nested(form), err
	}
	return nil, fmt.Errorf("nobody reads the media type %s", kind)
}

func parts(reader *multipart.Reader) (url.Values, error) {
	form := url.Values{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		form.Add(part.FormName(), string(value))
	}
}

// nested reads the brackets of names: name[] is a list, name[key] a map, and of a plain name the last value counts.
func nested(form url.Values) map[string]any {
	read := map[string]any{}
	for name, values := range form {
		last := values[len(values)-1]
		plainName, key, bracketed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		switch {
		case !bracketed:
			read[name] = last
		case key == "":
			list := make([]any, len(values))
			for i, value := range values {
				list[i] = value
			}
			read[plainName] = list
		default:
			members, _ := read[plainName].(map[string]any)
			if members == nil {
				members = map[string]any{}
			}
			members[key] = last
			read[plainName] = members
		}
	}
	return read
}

// violated is what the contract has against the parameters of a request, once they are taken as GitLab takes them.
func violated(op *openapi.Operation, sent map[string]any) []openapi.Violation {
	taken := map[string]any{}
	for _, p := range op.Parameters() {
		if value, given := sent[p.Name]; given {
			taken[p.Name] = coerced(p.Type, value)
		}
	}
	return op.CheckParameters(taken)
}

var wholeNumber = lazy.Regexp(`^\s*[+-]?[0-9]+(_[0-9]+)*\s*$`)

// coerced makes of a value what GitLab does before it looks at it; what cannot be made stays as it is.
func coerced(t openapi.Type, value any) any {
	switch t {
	case openapi.String:
		switch value.(type) {
		case bool, int64, float64:
			return jsonvalue.Text(value)
		}
	case openapi.Integers:
		return []int64{} // whatever is sent becomes a list of numbers
	case openapi.Integer:
		return coercedInteger(value)
	}
	return value
}

func coercedInteger(value any) any {
	switch value := value.(type) {
	case float64:
		return int64(value)
	case string:
		if value == "" {
			return nil
		}
		if !wholeNumber().MatchString(value) {
			return value
		}
		number, err := strconv.ParseInt(strings.TrimPrefix(strings.ReplaceAll(strings.TrimSpace(value), "_", ""), "+"),
			10, 64)
		if err != nil {
			return int64(math.MaxInt64)
		}
		return number
	}
	return value
}

// generatorError says that a request which was made to break one rule does not, or breaks more: a defect of the suite.
func (x *execution) generatorError(step *scenario.Step, r *request) *mishap {
	if step.Breaks == nil {
		return nil
	}
	reason := x.unfaithful(step, r)
	if reason == "" {
		return nil
	}
	return &mishap{Failure: Failure{
		Action: describeCall(step),
		Message: fmt.Sprintf("the suite made a wrong request: it was to break the rule %s about %s and no other, "+
			"but %s. Nothing was sent; this says nothing about the target.",
			step.Breaks.Rule, step.Breaks.Parameter, reason),
	}, outcome: Errored}
}

// unfaithful reads the parameters back from the bytes to be sent and holds them against the contract of the target's
// release; where a request is in the contract's own form, the second validator judges it, too.
func (x *execution) unfaithful(step *scenario.Step, r *request) string {
	sent, err := r.parameters()
	if err != nil {
		return "its bytes cannot be read back: " + err.Error()
	}
	found := violated(r.op, sent)
	switch {
	case len(found) == 0:
		return "GitLab " + x.suite.target.version.String() + " takes it"
	case found[0].Code != step.Breaks.Rule || !breaksOnly(found, step.Breaks.Parameter):
		return "it breaks this: " + inOneLine(found)
	case step.Encode != "" && step.Encode != "json":
		return ""
	}
	second := x.suite.target.checkRequest(r)
	about := func(v openapi.Violation) bool {
		return v.Parameter == step.Breaks.Parameter || strings.HasPrefix(v.Pointer+"/", "/"+step.Breaks.Parameter+"/")
	}
	if len(second) == 0 || slices.ContainsFunc(second, func(v openapi.Violation) bool { return !about(v) }) {
		return "the second validator finds this: " + inOneLine(second)
	}
	return ""
}

func inOneLine(found []openapi.Violation) string {
	if len(found) == 0 {
		return "nothing"
	}
	texts := make([]string, len(found))
	for i, v := range found {
		texts[i] = v.String()
	}
	return strings.Join(texts, "; ")
}

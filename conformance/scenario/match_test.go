package scenario

import (
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"gotest.tools/v3/assert"
)

// pattern reads a pattern as a scenario file would hold it.
func readPattern(t *testing.T, text string) *Pattern {
	t.Helper()
	p := reader.NewProblems("pattern.yaml", []byte(text))
	root := reader.Parse([]byte(text), p)
	assert.Assert(t, root != nil, "%v", reader.Found(p, NewProblem))
	d := &decoder{Reader: reader.Reader{P: p}, contract: contract.GitLab()}
	pattern := d.compiled(root)
	assert.NilError(t, NewLoadError(reader.Found(p, NewProblem)))
	return pattern
}

func TestMatch(t *testing.T) {
	t.Parallel()
	const check = `{"id": 7, "name": "QA", "hmac": false, "branches": [], "url": null}`
	tests := []struct {
		name, pattern, value string
		wrong                []string // in order; empty when it fits
	}{
		{"scalar", `7`, `7`, nil},
		{"whole number and fraction", `7`, `7.0`, nil},
		{"number and text", `7`, `"7"`, []string{`/: want 7, got "7"`}},
		{"text", `passed`, `"pending"`, []string{`/: want "passed", got "pending"`}},
		{"null", `null`, `null`, nil},
		{"null and nothing", `{a: null}`, `{}`, []string{`/a: want null, got nothing`}},
		{"boolean", `true`, `false`, []string{`/: want true, got false`}},
		{"object is partial", `{id: 7, hmac: false}`, check, nil},
		{
			"object, missing and wrong", `{id: 8, status: passed}`, check,
			[]string{`/id: want 8, got 7`, `/status: want "passed", got nothing`},
		},
		{"object and list", `{id: 8}`, `[]`, []string{`/: want an object like {"id":8}, got []`}},
		{"exact", `{$exact: {id: 7, name: QA, hmac: false, branches: [], url: null}}`, check, nil},
		{
			"exact, one more key", `{$exact: {id: 7, name: QA, hmac: false, branches: []}}`, check,
			[]string{`/url: want no such key, got null`},
		},
		{"exact goes down", `{$exact: [{id: 1}]}`, `[{"id": 1, "x": 2}]`, []string{`/0/x: want no such key, got 2`}},
		{"list, same length", `[1, {id: 2}]`, `[1, {"id": 2, "more": 1}]`, nil},
		{"list, too short", `[1, 2]`, `[1]`, []string{`/1: want 2, got nothing`}},
		{"list, too long", `[1]`, `[1, 3]`, []string{`/1: want no item, got 3`}},
		{"any", `{id: {$any: true}, url: {$any: true}}`, check, nil},
		{"any, missing", `{gone: {$any: true}}`, check, []string{`/gone: want {"$any":true}, got nothing`}},
		{"absent", `{gone: {$absent: true}}`, check, nil},
		{"absent, there", `{id: {$absent: true}}`, check, []string{`/id: want nothing, got 7`}},
		{"null matcher", `{url: {$null: true}, id: {$null: false}}`, check, nil},
		{"null matcher, wrong", `{url: {$null: false}}`, check, []string{`/url: want anything but null, got null`}},
		{"types", `{id: {$type: integer}, name: {$type: string}, hmac: {$type: boolean}, branches: {$type: array}, ` +
			`url: {$type: "null"}}`, check, nil},
		{"integer is a number", `{$type: number}`, `7`, nil},
		{"number is no integer", `{$type: integer}`, `7.5`, []string{`/: want of type integer, got 7.5`}},
		{"match", `{name: {$match: "^Q"}}`, check, nil},
		{"match, wrong", `{name: {$match: "^q$"}}`, check, []string{`/name: want text that matches ^q$, got "QA"`}},
		{"match wants text", `{$match: "7"}`, `7`, []string{`/: want text that matches 7, got 7`}},
		{"contains text", `{$contains: Q}`, `"QA"`, nil},
		{"contains text, wrong", `{$contains: x}`, `"QA"`, []string{`/: want text that contains "x", got "QA"`}},
		{"contains item", `{$contains: {id: 2}}`, `[{"id": 1}, {"id": 2}]`, nil},
		{
			"contains item, wrong", `{$contains: {id: 3}}`, `[{"id": 1}]`,
			[]string{`/: want an item like {"id":3}, got [{"id":1}]`},
		},
		{"none", `{$none: {id: 3}}`, `[{"id": 1}]`, nil},
		{"none, one", `{$none: {id: 1}}`, `[{"id": 1}]`, []string{`/: want no item like {"id":1}, got [{"id":1}]`}},
		{
			"each", `{$each: {id: {$type: integer}}}`, `[{"id": 1}, {"id": "x"}]`,
			[]string{`/1/id: want of type integer, got "x"`},
		},
		{"each wants a list", `{$each: 1}`, `{}`, []string{`/: want an array, got {}`}},
		{"item", `{$item: {where: {id: 2}, is: {status: passed}}}`, `[{"id": 1}, {"id": 2, "status": "passed"}]`, nil},
		{
			"item, wrong", `{$item: {where: {id: 2}, is: {status: passed}}}`,
			`[{"id": 1}, {"id": 2, "status": "failed"}]`,
			[]string{`/1/status: want "passed", got "failed"`},
		},
		{
			"item, none", `{$item: {where: {id: 3}, is: {}}}`, `[{"id": 1}]`,
			[]string{`/: want exactly one item like {"id":3}, not 0, got [{"id":1}]`},
		},
		{
			"item, two", `{$item: {where: {id: 1}, is: {}}}`, `[{"id": 1}, {"id": 1}]`,
			[]string{`/: want exactly one item like {"id":1}, not 2, got [{"id":1},{"id":1}]`},
		},
		{"not", `{$not: passed}`, `"failed"`, nil},
		{"not, wrong", `{$not: passed}`, `"passed"`, []string{`/: want anything but "passed", got "passed"`}},
		{"one of", `{$one_of: [passed, {$type: "null"}]}`, `null`, nil},
		{"one of, wrong", `{$one_of: [passed]}`, `1`, []string{`/: want one of ["passed"], got 1`}},
		{"length of a list", `{branches: {$length: 0}}`, check, nil},
		{"length of an object", `{$length: 5}`, check, nil},
		{"length counts letters", `{$length: 3}`, `"äöü"`, nil},
		{"length, wrong", `{$length: 2}`, `[1]`, []string{`/: want of length 2, got [1]`}},
		{"length of a number", `{$length: 2}`, `12`, []string{`/: want of length 2, got 12`}},
		{"keys in order", `{$keys: [id, name, hmac, branches, url]}`, check, nil},
		{
			"keys in another order", `{$keys: [name, id]}`, `{"id": 1, "name": 2}`,
			[]string{`/: want in this order the keys name, id, got in this order the keys id, name`},
		},
		{"keys beside members", `{$keys: [id], id: 2}`, `{"id": 1}`, []string{`/id: want 2, got 1`}},
		{"filter", `{$jq: "all(. > 1) and $status == 200 and $headers.Etag != null and $body[0] == ` +
			`$variables.captured"}`, `[2, 3]`, nil},
		{"filter of a member", `{list: [1, {$jq: ". == $body.list[1]"}]}`, `{"list": [1, 9007199254740993]}`, nil},
		{"filter, wrong", `{$jq: length == 3}`, `[2]`, []string{`/: want length == 3, got [2]`}},
		{
			"filter that cannot run", `{$jq: ".name.first == 1"}`, `5`,
			[]string{`/: want .name.first == 1 (expected an object but got: number (5)), got 5`},
		},
		{
			"filter that does not judge", `{$jq: length}`, `[1]`,
			[]string{`/: want length (it gives integer, neither true nor false), got [1]`},
		},
		{
			"filter that does not decide", `{$jq: ".[] == 1"}`, `[1, 2]`, []string{`/: want .[] == 1 (it gives ` +
				`more than one result; [...] makes a list of them, and first(...) takes one), got [1,2]`},
		},
		{"two matchers", `{$type: string, $match: "^a"}`, `"b"`, []string{`/: want text that matches ^a, got "b"`}},
		{"pointer is escaped", `{"a/b": {"c~d": 1}}`, `{"a/b": {"c~d": 2}}`, []string{`/a~1b/c~0d: want 1, got 2`}},
		{
			"long values are cut", `{a: 1}`, `{"a": "` + strings.Repeat("x", 300) + `"}`,
			[]string{`/a: want 1, got "` + strings.Repeat("x", 199) + `… (302 bytes)`},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := jsonvalue.Parse([]byte(test.value))
			assert.NilError(t, err)
			seen := Answer{Status: 200, Headers: map[string]any{"Etag": `W/"1"`}, Body: value}
			shown, found, err := readPattern(t, test.pattern).Match("", value, seen, Variables{"captured": int64(2)})
			assert.NilError(t, err)
			var wrong []string
			for _, one := range found {
				wrong = append(wrong, one.String())
			}
			assert.DeepEqual(t, wrong, test.wrong)
			assert.Equal(t, shown.Diff() == "", len(test.wrong) == 0, "diff: %s", shown.Diff())
		})
	}
}

func TestMatchDiff(t *testing.T) {
	t.Parallel()
	value, err := jsonvalue.Parse([]byte(
		`[{"id":1,"status":"failed","url":"x"},{"id":2,"status":"passed","url":"y"}]`))
	assert.NilError(t, err)
	pattern := readPattern(t, `[{id: 1, status: passed}, {id: {$type: string}, status: passed}]`)
	shown, _, err := pattern.Match("", value, Answer{}, nil)
	assert.NilError(t, err)
	want := ` [
   {
     "id": 1,
-    "status": "passed"
+    "status": "failed"
   },
   {
-    "id": "<of type string>",
+    "id": 2,
     "status": "passed"
   }
 ]`
	assert.Equal(t, shown.Diff(), want)
}

// TestMatch_sameAgain holds that one pattern with references can be compared many times, with the values of each time.
func TestMatch_sameAgain(t *testing.T) {
	t.Parallel()
	pattern := readPattern(t, `{$match: "^${word}$"}`)
	for _, test := range []struct {
		word string
		fits bool
	}{{"a.b", true}, {"a.b", true}, {"a", false}, {"a.b", true}} {
		_, found, err := pattern.Match("", "a.b", Answer{}, Variables{"word": test.word})
		assert.NilError(t, err)
		assert.Equal(t, len(found) == 0, test.fits, "%v", found)
	}
	_, _, err := pattern.Match("", "axb", Answer{}, Variables{})
	assert.ErrorContains(t, err, "${word} has no value here")
}

func TestCapture(t *testing.T) {
	t.Parallel()
	seen := Answer{
		Status: 201, Body: map[string]any{"list": []any{int64(7)}}, Headers: map[string]any{"Idempotency-Key": "k"},
	}
	for source, want := range map[string]any{
		".status": int64(201), ".body.list[0]": int64(7), ".body.list | length": int64(1), `"x"`: "x",
		`.headers["Idempotency-Key"]`: "k", ".body": map[string]any{"list": []any{int64(7)}},
	} {
		value, err := MustCapture(source).Value(seen)
		assert.NilError(t, err)
		assert.DeepEqual(t, value, want)
	}
	_, err := NewCapture(".body[")
	assert.Error(t, err, "the jq filter cannot be read: unexpected EOF")
	_, err = NewCapture("body.list[0]")
	assert.Error(t, err, "the jq filter cannot be read: there is no function body/0: a filter begins with a dot: "+
		".body.list[0]")
	_, err = MustCapture(".body.list.first").Value(seen)
	assert.ErrorContains(t, err, "expected an object but got: array")
	_, err = MustCapture(".body.list[1]").Value(seen)
	assert.Error(t, err, "it gives null, so there is nothing to take")
}

func TestVariables(t *testing.T) {
	t.Parallel()
	v := Variables{"mr.iid": int64(4), "check.qa.id": int64(9), "name": "a.b", "created": &jsonvalue.Object{
		Keys: []string{"list"}, Members: map[string]any{"list": []any{map[string]any{"id": int64(3)}}},
	}}
	filled, err := v.Fill(map[string]any{
		"typed": "${mr.iid}", "inside": "!${mr.iid} of ${check.qa.id}", "deep": []any{"${created.list.0.id}"},
		"kept": "$${mr.iid}", "$match": "^${name}$", "$jq": "${not.filled}", "whole": "${created.list}",
		"number": 1.5,
	})
	assert.NilError(t, err)
	assert.DeepEqual(t, jsonvalue.Plain(filled), map[string]any{
		"typed": int64(4), "inside": "!4 of 9", "deep": []any{int64(3)}, "kept": "${mr.iid}", "$match": `^a\.b$`,
		"$jq": "${not.filled}", "whole": []any{map[string]any{"id": int64(3)}}, "number": 1.5,
	})
	for _, missing := range []string{"${mr.sha}", "x ${created.list.1.id}", "${created.none}", "${created.list.x}"} {
		_, err := v.Fill(missing)
		assert.ErrorContains(t, err, "has no value here", missing)
	}
	_, err = v.Fill(map[string]any{"a": []any{map[string]any{"$match": "${gone}"}}})
	assert.ErrorContains(t, err, "${gone} has no value here")
	text, err := v.Text("${created.list} ${name}")
	assert.NilError(t, err)
	assert.Equal(t, text, `[{"id":3}] a.b`)
}

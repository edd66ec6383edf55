package jq

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"gotest.tools/v3/assert"
)

var around = []string{"$status", "$headers", "$body", Variables}

func run(t *testing.T, source, input string) (any, error) {
	t.Helper()
	f, err := Compile(source, around...)
	if err != nil {
		return nil, err
	}
	value, err := jsonvalue.Parse([]byte(input))
	assert.NilError(t, err)
	named := map[string]any{
		"check.qa.id": int64(9), "check.two-words.id": int64(10),
		"made": map[string]any{"list": []any{int64(5), nil}},
	}
	return f.Run(value, Given{
		Values: map[string]any{"$status": int64(200), "$headers": map[string]any{"Etag": "x"}, "$body": value},
		Lookup: func(name string) (any, bool) {
			parts := strings.Split(name, ".")
			for n := len(parts); n > 0; n-- {
				if value, has := named[strings.Join(parts[:n], ".")]; has {
					return jsonvalue.Dig(value, parts[n:])
				}
			}
			return nil, false
		},
	})
}

const check = `{"id":7,"name":"QA","list": [3, 1, 2], "deep": {"a": {"b": null}}, "big": 9007199254740993, "f": 1.5}`

const sorted = `{"big":9007199254740993,"deep":{"a":{"b":null}},"f":1.5,"id":7,"list":[3,1,2],"name":"QA"}`

func TestFilter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ source, want string }{
		{`.`, sorted},
		{`.big + 1`, `9007199254740994`},
		{`-.big * 3 - 1`, `-27021597764222980`},
		{`.big == 9007199254740992`, `false`},
		{`.list | sort | map(. * 2) | join(", ")`, `"2, 4, 6"`},
		{`.list[0], .list[1] | select(. == 1)`, `1`},
		{`[.list[] | {(tostring): .}] | add`, `{"1":1,"2":2,"3":3}`},
		{`"\(.name) has \(.list | length)"`, `"QA has 3"`},
		{`.deep.a.b // .none.where // "x" * 3`, `"xxx"`},
		{`3 * "ab"`, `"ababab"`},
		{`{"a": 1} * {"b": .f}`, `{"a":1,"b":1.5}`},
		{`.list - [1, 3] | length == 1 and $status == 200 and $headers.Etag == "x"`, `true`},
		{`$body.id == .id and ($body | .id) / 7 == 1 and .id % 4 == 3`, `true`},
		{`del(first(.list[])) | .list`, `[1,2]`},
		{`[paths(type == "number")] | length`, `6`},
		{`[path(..)] | length`, `12`},
		{`[limit(2; .list[])] | contains([3])`, `true`},
		{`.list | any(. > 2) and all(. >= 1) and IN(.[]; 3, 4)`, `true`},
		{`reduce .list[] as $x (0; . + $x)`, `6`},
		{`[foreach .list[] as $x (0; . + $x; [$x, .])] | last`, `[2,6]`},
		{`label $out | .list[] | if . == 1 then ., break $out else empty end`, `1`},
		{`.list as [$a, $b] | {$a, b: $b}`, `{"a":3,"b":1}`},
		{`try error("no") catch . + "!"`, `"no!"`},
		{`[.name[]?]`, `[]`},
		{`[.list | group_by(. > 1)[] | max]`, `[1,3]`},
		{`.name | test("^q"; "i")`, `true`},
		{`"v1.2" | sub("^v"; "") | split(".") | map(tonumber)`, `[1,2]`},
		{`@json "x\(.list)"`, `"x[3,1,2]"`},
		{`with_entries(select(.key | startswith("n")))`, `{"name":"QA"}`},
		{`"2026-01-31T09:00:00Z" | fromdate | . + 60 | todate`, `"2026-01-31T09:01:00Z"`},
		{`$variables.check.qa.id`, `9`},
		{`$variables["check.qa.id"] + 1`, `10`},
		{`$variables.check["two-words"].id`, `10`},
		{`["qa", "two-words"] | map(. as $key | $variables.check[$key].id)`, `[9,10]`},
		{`$variables.made.list[0:1] + [$variables.made.list[1]]`, `[5,null]`},
		{`[$variables.made.list[]]`, `[5,null]`},
		{`$variables.made["li\("st")"][0]`, `5`},
		{`$variables.none.here? // "none"`, `"none"`},
	} {
		value, err := run(t, test.source, check)
		assert.NilError(t, err, test.source)
		text, err := json.Marshal(value)
		assert.NilError(t, err)
		assert.Equal(t, string(text), test.want, test.source)
	}
}

// TestFilter_isRefused holds what is said of filters that cannot be read.
func TestFilter_isRefused(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		``:                             `missing query (try ".")`,
		`.id >`:                        `unexpected EOF`,
		`.id && .name`:                 `unexpected token "&" (for &&, jq has and)`,
		`.id == 'x'`:                   `unexpected token "'" (for ', jq has texts in double quotes: "...")`,
		`!(.id == 1 and .name != "x")`: `unexpected token "!" (for !, jq has not behind a pipe: (...) | not)`,
		`value.id`:                     `there is no function value/0: the value itself is a dot`,
		`len(.)`:                       `there is no function len/1: it is . | length`,
		`lengt`:                        `there is no function lengt/0 (did you mean length?)`,
		`any(.[], . == 1)`:             ``,
		`limit(1, .[])`: `there is no function limit/1 with so many arguments; they are parted by ` +
			`semicolons`,
		`variable("x")`: `there is no function variable/1: variables are written as in ` +
			`$variables.check.qa.id`,
		`body.id`:               `there is no function body/0: write $body`,
		`now`:                   `jq's now/0 cannot be used here`,
		`[inputs]`:              `jq's inputs/0 cannot be used here`,
		`env.HOME`:              `jq's env/0 cannot be used here`,
		`$ENV.HOME`:             `variable not defined: $ENV`,
		`{$ENV}`:                `variable not defined: $ENV`,
		`$__work`:               `variable not defined: $__work`,
		`$__loc__`:              `variable not defined: $__loc__`,
		`_made(1)`:              `there is no function _made/1`,
		`$none`:                 `variable not defined: $none`,
		`halt`:                  `jq's halt/0 cannot be used here`,
		`"x" | halt_error`:      `jq's halt_error/0 cannot be used here`,
		`def f: f; f`:           `a filter here has no functions of its own: def f`,
		`import "a" as a; .`:    `a filter here is one on its own, without import and include`,
		`include "a"; .`:        `a filter here is one on its own, without import and include`,
		`.id = 1`:               `a filter here changes nothing: it cannot have =; == compares`,
		`.list[0] += 1`:         `a filter here changes nothing: it cannot have +=; == compares`,
		`1 as $status | .`:      `the name $status is taken`,
		`. as {$__work} | .`:    `the name $__work is taken`,
		`. as [$variables] | .`: `the name $variables is taken`,
		`$variables`:            errNameless.Error(),
		`$variables | keys`:     errNameless.Error(),
		`{$variables}`:          errNameless.Error(),
		`$variables[]`:          errNameless.Error(),
		`@none "\(.)"`:          `there is no format @none`,
		`break $x`:              `label not defined: $x`,
	} {
		_, err := Compile(source, around...)
		if want == "" {
			assert.NilError(t, err, source)
			continue
		}
		assert.Error(t, err, want, source)
	}
	_, err := Compile("body.list[0].id")
	assert.Error(t, err, "there is no function body/0: a filter begins with a dot: .body.list[0].id")
	_, err = Compile(`body.sha + "0"`)
	assert.Error(t, err, "there is no function body/0: a filter begins with a dot, as in .body")
	_, err = Compile("$status")
	assert.Error(t, err, "variable not defined: $status")
}

// TestFilter_fails holds what is said of filters that give no single value.
func TestFilter_fails(t *testing.T) {
	t.Parallel()
	secret := `"glpat-` + strings.Repeat("s", 40) + `"`
	for source, want := range map[string]string{
		`empty`:                        `it gives no result`,
		`.list[]`:                      errMany.Error(),
		`1, error("late")`:             `late`,
		`error("no")`:                  `no`,
		`error`:                        sorted,
		`.name.first`:                  `expected an object but got: string ("QA")`,
		`` + secret + ` | .x`:          `expected an object but got: string …`,
		`{a: ` + secret + `} | has(1)`: `has(1) cannot be applied to: object …`,
		`` + secret + ` | fromjson`: `fromjson cannot be applied to …: invalid ` +
			`character 'g' looking for beginning of value`,
		`$variables.check.none.id`: `$variables.check.none.id has no value here`,
		`1e1000`:                   `it gives a number that JSON does not have`,
		`"1e1000" | fromjson`:      `it gives a number that is too large: 1e1000`,
		`1 / 0`:                    `cannot divide number (1) by: number (0)`,
		`[.list, {}] | map(.a)`:    `expected an object but got: array ([3,1,2])`,
	} {
		_, err := run(t, source, check)
		assert.Error(t, err, want, source)
	}
}

// TestFilter_doesNotRunForEver holds that filters whose work or memory would have no end, or one in years, are stopped.
func TestFilter_doesNotRunForEver(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`[range(1e9)]`, `[repeat(.)]`, `last(repeat(1))`, `first(range(1e9) | select(. < 0))`, `until(false; .)`,
		`[limit(1e9; repeat(1))]`, `[recurse(.)]`, `[while(true; .)] | length`,
		`"x" * 1e9`, `1e9 * "x" | length`, `"x" * 1e5 * 1e5`,
		`reduce range(100) as $i ("x"; . + .)`, `reduce range(100) as $i ([1]; . + .) | length`,
		`reduce range(60) as $i (1; [., .]) | length`, `reduce range(60) as $i (1; {a: ., b: .}) | length`,
		`reduce range(60) as $i ("\""; tojson) | length`, `reduce range(60) as $i ("x"; "\(.)\(.)") | length`,
		`reduce range(60) as $i ("x"; @uri "\(.)\(.)") | length`,
		`reduce range(60) as $i ([1]; map(., .)) | length`,
		`reduce range(100) as $i (10; . * .) | tostring | length`, `[range(1e5)] | . - map(-.) | length`,
		`[range(1e5)] | map(-.) as $x | contains($x)`, `[range(1e4)] | map(-. - 1) as $x | $x | inside([range(1e4)])`,
		`("x" * 1e6) as $x | [range(1e4)] | join($x) | length`, `[range(1e5) as $i | range(1e5)] | length`,
		`("x" * 6e6) as $x | [range(1e4)] | map($x) | length`,
		`("x" * 6e6) as $x | [range(1e4)] | sort_by($x) | length`,
		`("x" * 6e6) as $x | all(range(1e4); $x == $x)`, `try ("x" * 1e9) catch 1`, `("x" * 1e9)? // 1`,
		`reduce range(60) as $i (1; walk([., .])) | length`, `[range(1e5)] | any(IN(range(1e5)))`,
	} {
		value, err := run(t, source, check)
		assert.Assert(t, err != nil, "%s: %v", source, jsonvalue.Short(value))
		assert.ErrorIs(t, err, errSpent, source)
	}
}

// TestFunctions_areAll holds that every function of jq is either there or left out, also in a version to come.
func TestFunctions_areAll(t *testing.T) {
	t.Parallel()
	query, err := gojq.Parse("builtins")
	assert.NilError(t, err)
	value, _ := query.Run(nil).Next()
	var all []string
	for _, name := range value.([]any) {
		all = append(all, name.(string))
	}
	assert.Assert(t, len(all) > 200)
	listed := slices.Concat(functions, leftOut)
	for _, name := range all {
		assert.Assert(t, slices.Contains(listed, name), "%s is in neither list", name)
	}
	for i, name := range listed {
		assert.Assert(t, !slices.Contains(listed[:i], name), "%s is listed twice", name)
		known := slices.Contains(all, name) || slices.Contains([]string{
			"debug/0", "stderr/0", "input_filename/0", "input_line_number/0", "get_search_list/0", // of the command
		}, name)
		assert.Assert(t, known, "there is no %s", name)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	f, err := Compile(".")
	assert.NilError(t, err)
	object := &jsonvalue.Object{Keys: []string{"a"}, Members: map[string]any{"a": []any{int64(math.MinInt64)}}}
	for _, value := range []any{
		nil, true, false, "", "ä\xff", int64(0), int64(math.MaxInt64), int64(math.MinInt64), 1.5, math.MaxFloat64,
		[]any{},
		[]any{nil, int64(1), map[string]any{}},
		map[string]any{"": []any{object}},
		object,
	} {
		got, err := f.Run(value, Given{})
		assert.NilError(t, err)
		assert.DeepEqual(t, got, jsonvalue.Plain(value))
	}
	var none *jsonvalue.Object
	got, err := f.Run([]any{none, 3}, Given{})
	assert.NilError(t, err)
	assert.DeepEqual(t, got, []any{nil, int64(3)})
	for _, strange := range []any{
		uint8(1),
		[]string{"a"},
		jsonvalue.Missing{},
		map[string]any{"a": []any{struct{}{}}},
	} {
		_, err := f.Run(strange, Given{})
		assert.ErrorContains(t, err, "a filter cannot take a value of the type", fmt.Sprintf("%T", strange))
	}
	whole, err := Compile(`. + 1, (. + 1 | tostring) | numbers`)
	assert.NilError(t, err)
	got, err = whole.Run(int64(math.MaxInt64), Given{})
	assert.NilError(t, err)
	assert.Equal(t, got, 9223372036854775808.0, "as in a body")
}

// FuzzFilter holds that no filter panics, and that each ends, whatever it is given.
func FuzzFilter(f *testing.F) {
	for _, source := range []string{
		`.`, `.a[0:2].b?`, `$variables.check[.a].id`, `[.[] | . + 1] | add`, `{a: 1, (.b): $body}`, `path(..)`,
		`del(.a)`,
		`reduce .[] as [$a, {b: $c}] (0; . - $c)`, `"\(.)" | test("a", "g")`, `@base64d`, `.. | numbers | todate`,
		`to_entries | with_entries(.)`, `try (1, error) catch .`, `first(.[] * 3) // -1 % 2`, `split(", *"; null)`,
		`getpath(["a", 0])`, `map_values(empty)`, `sub("(?<x>a)"; "\(.x)b")`, `limit(-1; .)`, `flatten(-1)`, `implode`,
	} {
		for _, value := range []string{`null`, `true`, `9007199254740993`, `-1.5e300`, `"a, b"`, `[1, [2]]`, check} {
			f.Add(source, value)
		}
	}
	f.Fuzz(func(t *testing.T, source, input string) {
		filter, err := Compile(source, around...)
		if err != nil {
			return
		}
		value, err := jsonvalue.Parse([]byte(input))
		if err != nil {
			return
		}
		result, err := filter.Run(value, Given{
			Values: map[string]any{"$status": int64(200), "$headers": map[string]any{}, "$body": value},
			Lookup: func(name string) (any, bool) { return value, len(name)%2 == 0 },
		})
		if err == nil {
			_, err = json.Marshal(jsonvalue.Plain(result))
			assert.NilError(t, err)
		}
	})
}

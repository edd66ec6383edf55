#!/usr/bin/env bash
# Tool: github.com/vektah/gqlparser/v2 v2.5.64, with Go 1.26 or newer.
# Input: a small schema, and valid and invalid queries and variables for it, through gqlparser.LoadQueryWithRules,
# validator.VariableValues and Field.ArgumentMap.
# Seen: the same value is refused when it stands in the query, and taken when it comes in a variable: two keys of a
# @oneOf input, a text for an Int, and null for an argument that must not be null. A number beyond 32 bits is an Int
# in both. The variable 1 for [[Int]] becomes [1] in place of [[1]]. Of a block string whose first line has text, the
# indentation of the other lines stays, though the specification takes it away; if the first line is empty, it goes.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/variables

go 1.26

require github.com/vektah/gqlparser/v2 v2.5.64
TEXT
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

const schema = `
input One @oneOf { a: Int, b: String }
type Query { f(one: One, n: Int, lists: [[Int]], s: String): Int  must(n: Int! = 5): Int }
`

func outcome(schema *ast.Schema, query, variables string) string {
	document, errs := gqlparser.LoadQueryWithRules(schema, query, nil)
	if errs != nil {
		return "refused"
	}
	var given map[string]any
	if err := json.Unmarshal([]byte(variables), &given); err != nil {
		panic(err)
	}
	operation := document.Operations[0]
	values, err := validator.VariableValues(schema, operation, given)
	if err != nil {
		return "refused"
	}
	arguments, err := json.Marshal(operation.SelectionSet[0].(*ast.Field).ArgumentMap(values))
	if err != nil {
		panic(err)
	}
	return string(arguments)
}

func main() {
	loaded := gqlparser.MustLoadSchema(&ast.Source{Input: schema})
	for _, try := range [][2]string{
		{`{ f(one: {a: 1, b: "x"}) }`, `{}`},
		{`query($x: One) { f(one: $x) }`, `{"x": {"a": 1, "b": "x"}}`},
		{`query($x: One) { f(one: $x) }`, `{"x": {}}`},
		{`{ f(n: "1") }`, `{}`},
		{`query($x: Int) { f(n: $x) }`, `{"x": "1"}`},
		{`{ f(n: 2147483648) }`, `{}`},
		{`query($x: Int) { f(n: $x) }`, `{"x": 2147483648}`},
		{`query($x: [[Int]]) { f(lists: $x) }`, `{"x": 1}`},
		{`{ must(n: null) }`, `{}`},
		{`query($x: Int) { must(n: $x) }`, `{"x": null}`},
		{"{ f(s: \"\"\"one\n    two\n    three\"\"\") }", `{}`},
		{"{ f(s: \"\"\"\n    one\n    two\n    \"\"\") }", `{}`},
	} {
		fmt.Printf("%q %s: %s\n", try[0], try[1], outcome(loaded, try[0], try[1]))
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"{ f(one: {a: 1, b: \"x\"}) }" {}: refused
"query($x: One) { f(one: $x) }" {"x": {"a": 1, "b": "x"}}: {"one":{"a":1,"b":"x"}}
"query($x: One) { f(one: $x) }" {"x": {}}: {"one":{}}
"{ f(n: \"1\") }" {}: refused
"query($x: Int) { f(n: $x) }" {"x": "1"}: {"n":"1"}
"{ f(n: 2147483648) }" {}: {"n":2147483648}
"query($x: Int) { f(n: $x) }" {"x": 2147483648}: {"n":2147483648}
"query($x: [[Int]]) { f(lists: $x) }" {"x": 1}: {"lists":[1]}
"{ must(n: null) }" {}: refused
"query($x: Int) { must(n: $x) }" {"x": null}: {"n":null}
"{ f(s: \"\"\"one\n    two\n    three\"\"\") }" {}: {"s":"one\n    two\n    three"}
"{ f(s: \"\"\"\n    one\n    two\n    \"\"\") }" {}: {"s":"one\ntwo"}
TEXT
echo
echo "As described."

#!/usr/bin/env bash
# Tools: github.com/goccy/go-yaml v1.19.2, go.yaml.in/yaml/v3 v3.0.6 and go.yaml.in/yaml/v4 v4.0.0, with Go 1.25 or
# newer.
# Input: small valid documents of YAML 1.2; three of them are JSON, which is YAML 1.2 too.
# Seen: goccy reads 1e3 as a text, and 1.0e3 as a number. A mapping's own key loses to a merged one that is written
# behind it, and of two merged mappings the later one wins; YAML's merge key says the opposite of both, and v3 and v4
# do so. But v3 and v4 refuse a document that says that it is YAML 1.2, and v3 the escape \/ of JSON.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/read

go 1.25

require (
	github.com/goccy/go-yaml v1.19.2
	go.yaml.in/yaml/v3 v3.0.6
	go.yaml.in/yaml/v4 v4.0.0
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"

	goccy "github.com/goccy/go-yaml"
	v3 "go.yaml.in/yaml/v3"
	v4 "go.yaml.in/yaml/v4"
)

func value(read func([]byte, any) error, text string) string {
	var document struct{ A any }
	if err := read([]byte(text), &document); err != nil {
		return "refused"
	}
	if merged, ok := document.A.(map[string]any); ok {
		return fmt.Sprint(merged["b"])
	}
	return fmt.Sprintf("%#v", document.A)
}

func main() {
	for _, text := range []string{
		`{"a": 1e3}`,
		`{"a": 1.0e3}`,
		"a: {b: own, <<: {b: merged}}",
		"a: {<<: {b: merged}, b: own}",
		"a: {<<: [{b: first}, {b: second}]}",
		"%YAML 1.2\n---\na: one\n",
		`{"a": "one\/two"}`,
	} {
		fmt.Printf("%q: goccy %s, v3 %s, v4 %s\n", text, value(goccy.Unmarshal, text),
			value(func(data []byte, to any) error { return v3.Unmarshal(data, to) }, text),
			value(func(data []byte, to any) error { return v4.Unmarshal(data, to) }, text))
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"{\"a\": 1e3}": goccy "1e3", v3 1000, v4 1000
"{\"a\": 1.0e3}": goccy 1000, v3 1000, v4 1000
"a: {b: own, <<: {b: merged}}": goccy merged, v3 own, v4 own
"a: {<<: {b: merged}, b: own}": goccy own, v3 own, v4 own
"a: {<<: [{b: first}, {b: second}]}": goccy second, v3 first, v4 first
"%YAML 1.2\n---\na: one\n": goccy "one", v3 refused, v4 refused
"{\"a\": \"one\\/two\"}": goccy "one/two", v3 refused, v4 "one/two"
TEXT
echo
echo "As described."

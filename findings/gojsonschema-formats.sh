#!/usr/bin/env bash
# Tool: github.com/xeipuuv/gojsonschema v1.2.0, with Go 1.24 or newer.
# Input: schemas with a format or a const, and texts. By JSON Schema a date-time is one of RFC 3339, section 5.6, which
# has a date, a time and an offset, and whose T and Z may be small letters. The hexadecimal digits of a UUID may be of
# either case (RFC 4122, section 3).
# Seen: a date alone and a time alone are valid as date-time. One with small letters is not, nor is a UUID with
# capitals. For const 9007199254740993, the number 9007199254740992 is valid, while maximum tells the two apart.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/formats

go 1.24

require github.com/xeipuuv/gojsonschema v1.2.0
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/xeipuuv/gojsonschema"
)

func main() {
	for _, pair := range [][2]string{
		{`{"format": "date-time"}`, `"2026-01-02T03:04:05Z"`},
		{`{"format": "date-time"}`, `"2026-01-02t03:04:05z"`},
		{`{"format": "date-time"}`, `"2026-01-02T03:04:05"`},
		{`{"format": "date-time"}`, `"2026-01-02"`},
		{`{"format": "date-time"}`, `"03:04:05Z"`},
		{`{"format": "date-time"}`, `"03:04:05"`},
		{`{"format": "uuid"}`, `"497f6eca-6276-4993-bfeb-53cbbbba6f08"`},
		{`{"format": "uuid"}`, `"497F6ECA-6276-4993-BFEB-53CBBBBA6F08"`},
		{`{"const": 9007199254740993}`, `9007199254740992`},
		{`{"maximum": 9007199254740992}`, `9007199254740993`},
	} {
		schema, text := gojsonschema.NewStringLoader(pair[0]), gojsonschema.NewStringLoader(pair[1])
		result, err := gojsonschema.Validate(schema, text)
		if err != nil {
			panic(err)
		}
		word := "not valid"
		if result.Valid() {
			word = "valid"
		}
		fmt.Printf("%s %s: %s\n", pair[0], pair[1], word)
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"format": "date-time"} "2026-01-02T03:04:05Z": valid
{"format": "date-time"} "2026-01-02t03:04:05z": not valid
{"format": "date-time"} "2026-01-02T03:04:05": not valid
{"format": "date-time"} "2026-01-02": valid
{"format": "date-time"} "03:04:05Z": valid
{"format": "date-time"} "03:04:05": valid
{"format": "uuid"} "497f6eca-6276-4993-bfeb-53cbbbba6f08": valid
{"format": "uuid"} "497F6ECA-6276-4993-BFEB-53CBBBBA6F08": not valid
{"const": 9007199254740993} 9007199254740992: valid
{"maximum": 9007199254740992} 9007199254740993: not valid
TEXT
echo
echo "As described."

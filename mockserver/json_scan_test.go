package mockserver

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

func TestScanJSON(t *testing.T) {
	t.Parallel()
	for flaw, bodies := range map[jsonFlaw][]string{
		jsonSound: {
			`{}`, `[]`, `[1]`, `"x"`, ` "x" `, "true", "false", "null", " {\r\n\t} ", `{"a":1,"a":2}`, `{"":-0.5e+3}`,
			`// x` + "\n{}", `/* x */ {}`,
			`{/* x */"a" : // y` + "\n 1 /**/ , \"b\":[ 1 , 2 ]}", `["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀"]`,
			`{"a":0,"b":-0,"c":10.01,"d":1E5}`, "[\"\x7f\"]", "/**/\"x\"",
		},
		jsonTrailingComment: {`{} // x`, `{}//`, `{} /* x */`, `[1]//x`, "{} // x\n", "{}/**//**/ "},
		jsonForStreamOnly: {
			`{}{}`, `{} {}`, `{"a":1}null`, `[1] [2]`, `[1]12`, `{"a":NaN}`, `[+1]`, `[5.]`, `[01]`, `[-01]`,
			"[\"a\nb\"]", "[\"a\tb\"]", "{}\x00", "{}\x00x", "{} /* x", "{} // x\n{}",
		},
		jsonBadText:    {`["\u0000"]`, "{\"a\":\"\xc0\"}", "{\"\xff\":1}", `{"\u0000":1}`, "[\"\xed\xa0\x80\"]"},
		jsonBareScalar: {"12", "-1", "1.5", " true", "true ", " null", "/**/12", "/**/true", " 12 "},
		jsonBadEscape:  {`["\q"]`, `{"\x":1}`, `{"a":"\q\u0000"}`},
		jsonBroken: {
			`{ bad json }`, " ", "\n", "NaN", "Infinity", "[Infinity]", "[-Infinity]", "\xef\xbb\xbf{}", `[1,]`,
			`{"a":1,}`, `{'a':1}`, `{a:1}`, `{"a":`, `{"a"`, `{"a":1`, `[`, `[1`, `"x`,
			"text", "a=1&b=2", "nul", "tru", `"x" y`, `"x" // y`, `12 // y`, "null//", `[1] x`, `{} x`, `[.5]`, `.5`,
			`["\u12"]`, `["\ud800"]`, `["\ud800\u0041"]`, `["\udc00"]`, `["\ud800`, "[\"\x00\"]",
			"{\x00}", "\x00{\x00}\x00", "\xff\xfe{\x00}\x00", "\x1f\x8b\x08", `{,}`, `[,]`, `[1 2]`, `{"a" 1}`,
			`{"a":1 "b":2}`, `{"a":}`, `[1}`, `]`, `}`, `{} ]`, `/* x`, `// x`, `/`, `{/}`, `[1]/`, `"\`, `["\`,
			`--1`, `[-]`, `[1.2.3]`,
			`[TRUE]`, `"x" {}`, `"x""y"`, "[\"\\\n\"]",
		},
	} {
		for _, body := range bodies {
			v := scanJSON([]byte(body), limitedJSON)
			assert.Equal(t, v.flaw, flaw, "%q: %s", body, v.reason)
			assert.Equal(t, v.reason == "", flaw == jsonSound, "%q", body)
			if flaw == jsonSound {
				assert.Assert(t, json.Valid(v.plain), "%q became %q", body, v.plain)
			}
		}
	}
}

func TestScanJSON_limits(t *testing.T) {
	t.Parallel()
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	members := func(n int) string { return "{" + strings.TrimSuffix(strings.Repeat(`"a":1,`, n), ",") + "}" }
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for body, want := range map[string]jsonFlaw{
		deep(32): jsonSound, deep(33): jsonTooDeep, strings.Repeat(`{"a":`, 33) + "1" +
			strings.Repeat("}", 33): jsonTooDeep, strings.Repeat("[", 1<<20): jsonTooDeep,
		list(50_000): jsonSound, list(50_001): jsonArrayTooLarge,
		members(49_999): jsonSound, members(50_000): jsonTooManyElements,
		`{"a":` + list(50_000) + `,"b":` + list(49_995) + `}`: jsonSound,
		`{"a":` + list(50_000) + `,"b":` + list(49_996) + `}`: jsonTooManyElements,
		list(50_001)[:100_000] + "x":                          jsonBroken, // the flaw that comes first counts
	} {
		v := scanJSON([]byte(body), limitedJSON)
		assert.Equal(t, v.flaw, want, "%.40s… (%d bytes): %s", body, len(body), v.reason)
	}
	assert.Equal(t, scanJSON([]byte(members(200)), jsonLimits{10, 10, 199, 1000}).flaw, jsonObjectTooLarge)
	assert.Equal(t, scanJSON([]byte(deep(100)), unlimitedJSON).flaw, jsonSound)
	assert.Equal(t, scanJSON([]byte(deep(101)), unlimitedJSON).flaw, jsonTooDeep)
}

// decodedByGo returns the parameters of a body, as Go's own decoder reads it.
func decodedByGo(body []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	_ = d.Decode(&value)
	object, _ := value.(map[string]any)
	return object
}

// FuzzScanJSON checks two things. A body that the scan accepts can be decoded. A body that Go's strict decoder accepts
// is accepted by the scan, unless GitLab refuses it for another reason.
func FuzzScanJSON(f *testing.F) {
	for _, body := range []string{
		`{"a":[1,"x\u0041",null,{}]}`, `[1] // x`, "/**/{}", `{}{}`, `["\q"]`, "12",
		"[\"\xff\"]", ` { "a" : [ ] , "b" : { "" : [ 1.50 , -0 , true ] } , "a" : "\"\\" } `,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v := scanJSON(body, unlimitedJSON)
		if v.flaw == jsonSound && !json.Valid(v.plain) {
			t.Errorf("%q was found sound and became %q", body, v.plain)
		}
		made := decodeJSON(v.plain) // it must end for any input
		if v.flaw == jsonSound && !reflect.DeepEqual(made, decodedByGo(v.plain)) {
			t.Errorf("%q became %v", body, made)
		}
		refused := v.flaw == jsonBadText || v.flaw == jsonBareScalar || v.flaw >= jsonTooDeep ||
			bytes.Contains(body, []byte(`\u`))
		if json.Valid(body) && v.flaw != jsonSound && !refused {
			t.Errorf("%q is JSON: %s", body, v.reason)
		}
	})
}

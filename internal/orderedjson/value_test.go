package orderedjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"gotest.tools/v3/assert"
)

// TestParse_keepsOrder holds that a text comes back as it was, but for spaces and for keys that stand twice.
func TestParse_keepsOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"b": 1, "a": {"d": null, "c": [1.50, "<&>", true]}}`: `{"b":1,"a":{"d":null,"c":[1.50,"<&>",true]}}`,
		`{"b":1,"a":2,"b":3}`:  `{"b":3,"a":2}`,
		`[]`:                   `[]`,
		`12345678901234567890`: `12345678901234567890`,
	} {
		value, err := Parse([]byte(text), nil)
		assert.NilError(t, err)
		got, err := Encode(value)
		assert.NilError(t, err)
		assert.Equal(t, string(got), want)
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"a"}`, "[1,]", "{} // x", "1 2", "nul"} {
		_, err := Parse([]byte(text), nil)
		assert.Assert(t, err != nil, text)
	}
	value, err := ParseFirst([]byte(`{"a":1} // x`), nil)
	assert.NilError(t, err, "what stands behind the value is not read")
	assert.Equal(t, value.(*Object).Get("a"), json.Number("1"))
}

func TestObject(t *testing.T) {
	t.Parallel()
	o := Of("a", 1, "b", 2, "c", 3)
	other := o.Clone()
	o.Rename("b", "x")
	o.Drop("a")
	o.Set("c", 4)
	o.Rename("none", "y")
	for object, want := range map[*Object]string{o: `{"x":2,"c":4}`, other: `{"a":1,"b":2,"c":3}`} {
		text, err := json.Marshal(object)
		assert.NilError(t, err)
		assert.Equal(t, string(text), want)
	}
	_, err := json.Marshal(Of("a", func() {}))
	assert.ErrorContains(t, err, "unsupported type")
}

// TestParse_numbers holds that a caller decides what a number becomes, however deep it stands.
func TestParse_numbers(t *testing.T) {
	t.Parallel()
	value, err := Parse([]byte(`{"a":[1,{"b":2}]}`), func(n json.Number) any { return "n" + n.String() })
	assert.NilError(t, err)
	text, err := Encode(value)
	assert.NilError(t, err)
	assert.Equal(t, string(text), `{"a":["n1",{"b":"n2"}]}`)
}

// TestParse_readsWhatTheStandardLibraryReads compares with encoding/json, over texts of which a few bytes were changed.
func TestParse_readsWhatTheStandardLibraryReads(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{
		`{"a":[1,-0.5e3,{"b":null}],"ä\u00e4\ud83d\ude00":"x\n\/","t":true,"f":false,"a":"again"}`,
		` [ "\ud800", "` + "\xff" + `", 0, 12345678901234567890123, "" , {} , [] ] `,
		`"text"`, `-7`, `null`,
	}
	const alphabet = `{}[]",:\u0 1-.enrtfalsud` + "\n\x00\xff"
	for range 20_000 {
		text := []byte(texts[random.IntN(len(texts))])
		for range random.IntN(3) {
			text[random.IntN(len(text))] = alphabet[random.IntN(len(alphabet))]
		}
		var want any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		wrong := decoder.Decode(&want)
		if wrong == nil && !json.Valid(text) {
			wrong = errors.New("something stands behind the value")
		}
		got, err := Parse(text, nil)
		assert.Equal(t, err == nil, wrong == nil, "%q: %v, but %v", text, err, wrong)
		if err != nil {
			continue
		}
		shown, err := json.Marshal(got)
		assert.NilError(t, err)
		var read any
		decoder = json.NewDecoder(bytes.NewReader(shown))
		decoder.UseNumber()
		assert.NilError(t, decoder.Decode(&read))
		assert.DeepEqual(t, read, want)
	}
}

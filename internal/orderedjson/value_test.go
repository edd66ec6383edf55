package orderedjson

import (
	"encoding/json"
	"strings"
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
	value, err := Read(json.NewDecoder(strings.NewReader(`{"a":1} // x`)), nil)
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

package jsonvalue

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestParseJSON(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "{", "[1,]", "{} x", "nul", "[", `{"a"`, `{"a":}`, "<html>"} {
		_, err := Parse([]byte(bad))
		assert.Assert(t, err != nil, bad)
	}
	value, err := Parse([]byte(`{"b": 1, "a": [1.5, 123456789012345678901234567890], "b": {}}`))
	assert.NilError(t, err)
	o := value.(*Object)
	assert.DeepEqual(t, o.Keys, []string{"b", "a"})
	assert.DeepEqual(t, Plain(o), map[string]any{"a": []any{1.5, 1.2345678901234568e+29}, "b": map[string]any{}})
}

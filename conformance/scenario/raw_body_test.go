package scenario

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"
)

// rawCall is a scenario with one bent call.
func rawCall(rest string) []byte {
	return []byte("id: list.one\nsummary: s\nlevel: must\nevidence: S\nsource: s\n" +
		"steps:\n  - call: createExternalStatusCheck\n" + rest)
}

func TestRawBody_parts(t *testing.T) {
	t.Parallel()
	read, err := Read("x.yaml", rawCall(`    raw: {body: ["[", {repeat: "${run.id},", times: 3}, "${byte.c0}]"]}`))
	assert.NilError(t, err)
	raw := read[0].Steps[0].Raw
	want := []Part{{Text: "["}, {Text: "${run.id},", Times: 3}, {Text: "${byte.c0}]"}}
	assert.Assert(t, cmp.Diff(want, raw.Parts) == "" && raw.HasBody)
	body, err := Variables{"run.id": "r1"}.Join(raw.Parts)
	assert.NilError(t, err)
	assert.Equal(t, body, "[r1,r1,r1,\xc0]")
	assert.Equal(t, raw.BodyInShort(), `[ 3 times "${run.id}," ${byte.c0}]`)
	_, err = Variables{}.Join(raw.Parts)
	assert.ErrorContains(t, err, "${run.id} has no value here")
}

func TestRawBody_problems(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[{repeat: x}]`:                             "a part says which text to repeat, and how many times",
		`[{times: 3}]`:                              "a part says which text to repeat, and how many times",
		`[{repeat: x, times: 1}]`:                   "times is a whole number from 2 to",
		`[{repeat: x, times: many}]`:                "times is a whole number from 2 to",
		`[{repeat: xx, times: 33554432}]`:           "the body is longer than 33554432 bytes",
		`[{text: x, times: 2}]`:                     `unknown key "text" in part`,
		`[1]`:                                       "each of body must be text, not a number",
		`{repeat: x, times: 3}`:                     "body must be text, not a mapping",
		`["${byte.c}"]`:                             "nothing sets ${byte.c}",
		`["${byte.zz}"]`:                            "nothing sets ${byte.zz}",
		`["${run.id}", {repeat: "${x}", times: 2}]`: "nothing sets ${x}",
	} {
		_, err := Read("x.yaml", rawCall("    raw: {body: "+body+"}"))
		assert.ErrorContains(t, err, want, body)
	}
	_, err := Read("x.yaml", rawCall(`    json: {name: "${byte.c0}"}`))
	assert.ErrorContains(t, err, "${byte.c0} stands in raw and in headers only")
}

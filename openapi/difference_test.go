package openapi

import (
	"fmt"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/release"
)

// differences lists the differences between two releases, one per line.
func differences(t *testing.T, from, to release.Version) []string {
	t.Helper()
	found, err := GitLab().At(from).Differences(GitLab().At(to))
	assert.NilError(t, err)
	var lines []string
	for _, d := range found {
		assert.Assert(t, d.Subject != "" && strings.Contains(d.Text, d.Subject), d.Text)
		line := map[bool]string{true: "+", false: "-"}[d.Added] + " " + d.Text
		if d.Breaking() {
			line += " (" + string(d.Breaks) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// TestDifferences_ofAllReleases compares what the contract says about each release with a list that people have
// reviewed. The flag -update rewrites it.
func TestDifferences_ofAllReleases(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i, v := range release.All()[1:] {
		for _, line := range differences(t, release.All()[i], v) {
			fmt.Fprintf(&text, "%s %s\n", v, line)
		}
	}
	golden.Assert(t, text.String(), "differences.golden")
}

func TestDifferences_goBothWays(t *testing.T) {
	t.Parallel()
	assert.DeepEqual(t, differences(t, release.Of(15, 6), release.Of(15, 6)), []string(nil))
	assert.DeepEqual(t, differences(t, release.Of(17, 9), release.Of(17, 10)), []string(nil))
	assert.DeepEqual(t, differences(t, release.Of(16, 4), release.Of(16, 6))[:1],
		[]string{"+ createStatusCheckResponse takes pending as status"})
	assert.DeepEqual(t, differences(t, release.Of(16, 6), release.Of(16, 4))[:1],
		[]string{"- createStatusCheckResponse no longer takes pending as status (refused)"})

	forwards, backwards := differences(t, release.Oldest, release.Newest),
		differences(t, release.Newest, release.Oldest)
	signs := func(lines []string, sign string) (count int) {
		for _, line := range lines {
			if strings.HasPrefix(line, sign) && !strings.Contains(line, ", no longer ") {
				count++
			}
		}
		return count
	}
	assert.Equal(t, signs(forwards, "+"), signs(backwards, "-"))
	assert.Equal(t, signs(forwards, "-"), signs(backwards, "+"))
}

// thingMaker is a document with one operation, of which the rest is given, and what stands behind it.
func thingMaker(t *testing.T, rest string) *Document {
	t.Helper()
	document, err := Load("difference.yaml", []byte(`
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /things:
    post:
      operationId: makeThing
      summary: Make a thing
      x-source: s
`+rest))
	assert.NilError(t, err)
	return document
}

func TestDifferences_inWords(t *testing.T) {
	t.Parallel()
	before := thingMaker(t, `
      parameters:
        - {name: old, in: query, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [a, b]}}
        - {name: size, in: query, schema: {type: string}}
      responses:
        "200":
          description: d
          headers: {X-Old: {schema: {type: string}}}
          content: {application/json: {schema: {type: object, properties: {a: {type: string},
            list: {type: array, items: {type: object, properties: {x: {type: string}}}}}}, example: {a: b}}}
        "404": {description: d}
`)
	after := thingMaker(t, `
      parameters:
        - {name: new, in: query, required: true, schema: {type: string, enum: [x, y]}}
        - {name: kind, in: query, required: true, schema: {type: string, enum: [b, c]}}
        - {name: size, in: query, schema: {type: integer}}
      responses:
        "200":
          description: another text
          headers: {X-New: {schema: {type: string}}}
          content: {application/json: {schema: {type: object, properties: {a: {type: integer}, b: {type: string},
            list: {type: array, items: {type: object, properties: {y: {type: string}}}}}}, example: {a: 1}}}
        "409": {description: d}
`)
	found, err := before.Differences(after)
	assert.NilError(t, err)
	var lines []string
	for _, d := range found {
		lines = append(lines, d.Text)
	}
	assert.DeepEqual(t, lines, []string{
		"makeThing takes new, which is required: x or y",
		"makeThing requires kind", "makeThing takes c as kind", "makeThing no longer takes a as kind",
		"makeThing reads size as integer, no longer as string", "makeThing no longer takes old",
		"the answer 200 of makeThing comes with the header X-New", "the answer 200 of makeThing no longer comes " +
			"with the header X-Old",
		"a of the answer 200 of makeThing is integer, no longer string", "the answer 200 of makeThing has b",
		"an item of list of the answer 200 of makeThing has y", "an item of list of the answer 200 of makeThing no " +
			"longer has x",
		"makeThing can answer 409", "makeThing no longer answers 404",
	})
}

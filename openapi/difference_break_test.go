package openapi

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// operationWith is a document with one operation that has a body, a response and a callback.
func operationWith(t *testing.T, body, answer, callback string) *Document {
	t.Helper()
	return thingMaker(t, `      requestBody: {content: {application/json: {schema: `+body+`}}}
      responses:
        "200":
          description: d
          content: {application/json: {schema: `+answer+`, example: {}}}
      callbacks:
        made:
          "{$request.body#/url}":
            post:
              requestBody: {content: {application/json: {schema: `+callback+`}}}
              responses: {"200": {description: d}}
components:
  schemas:
    One: {type: object, properties: {a: {type: string}, b: {type: string}}}
    Two: {type: object, properties: {a: {type: string}, c: {type: string}}}
    Three: {type: object, properties: {d: {type: string}}}
`)
}

// TestDifferences_breaks checks which differences break clients, and why: in requests, in responses and in callbacks.
func TestDifferences_breaks(t *testing.T) {
	t.Parallel()
	const nothing = `{type: object}`
	object := func(properties string) string { return `{type: object, properties: {x: ` + properties + `}}` }
	nested := func(properties string) string {
		return object(`{type: array, items: {type: object, properties: {` + properties + `}}}`)
	}
	for _, c := range []struct{ place, before, after, want string }{
		{"body", nested(`a: {type: string}`), nested(`b: {type: string}`), "an item of x of makeThing has b; " +
			"an item of x of makeThing no longer has a (gone)"},
		{
			"body", nested(`a: {type: string, enum: [k, l]}`), nested(`a: {type: string, enum: [k, m]}`),
			"a of an item of x of makeThing can be m; a of an item of x of makeThing can no longer be l (refused)",
		},
		{"body", object(`{type: string, nullable: true}`), object(`{type: string}`), "makeThing no longer takes null " +
			"as x (refused)"},
		{
			"body", object(`{type: string}`), object(`{type: string, enum: [k]}`),
			"makeThing takes only k as x (refused)",
		},
		{
			"body", object(`{type: string}`), object(`{type: string, maxLength: 9}`),
			"x of makeThing has the maxLength 9 " +
				"(refused)",
		},
		{"body", object(`{type: integer}`), object(`{type: string}`), "makeThing reads x as string, no longer as " +
			"integer"},
		{
			"body", nothing, `{type: object, required: [x], properties: {x: {type: string}}}`,
			"makeThing takes x, which is " +
				"required (needed)",
		},
		{"answer", nested(`a: {type: string}`), nested(`b: {type: string}`), "an item of x of the answer 200 of " +
			"makeThing has b; an item of x of the answer 200 of makeThing no longer has a (gone)"},
		{"answer", object(`{type: string, enum: [k, l]}`), object(`{type: string, enum: [k, m]}`), "x of the answer " +
			"200 of makeThing can be m (unexpected); x of the answer 200 of makeThing can no longer be l"},
		{
			"answer", object(`{type: string}`), object(`{type: string, nullable: true}`),
			"x of the answer 200 of makeThing " +
				"can be null (unexpected)",
		},
		{
			"answer", object(`{type: string}`), object(`{type: integer}`),
			"x of the answer 200 of makeThing is integer, no " +
				"longer string (retyped)",
		},
		{"answer", `{type: object, required: [x], properties: {x: {type: string}}}`, object(`{type: string}`), "the " +
			"answer 200 of makeThing no longer always has x (gone)"},
		{"answer", `{$ref: "#/components/schemas/One"}`, `{$ref: "#/components/schemas/Two"}`, "the answer 200 of " +
			"makeThing is Two, no longer One; the answer 200 of makeThing has c; the answer 200 of makeThing no " +
			"longer has b (gone)"},
		{
			"answer", `{oneOf: [{$ref: "#/components/schemas/One"}, {$ref: "#/components/schemas/Two"}]}`,
			`{oneOf: [{$ref: "#/components/schemas/Two"}, {$ref: "#/components/schemas/Three"}]}`,
			"the answer 200 of " +
				"makeThing can be Three (unexpected); the answer 200 of makeThing can no longer be One; the answer " +
				"200 of " +
				"makeThing can have d; the answer 200 of makeThing can no longer have b (gone)",
		},
		{
			"answer", `{allOf: [{$ref: "#/components/schemas/Two"}, {type: object, properties: {e: {type: string}}}]}`,
			`{allOf: [{$ref: "#/components/schemas/Two"}, {$ref: "#/components/schemas/Three"}]}`,
			"the answer 200 of " +
				"makeThing has d; the answer 200 of makeThing no longer has e (gone)",
		},
		{
			"callback", nested(`a: {type: string}`), nested(`b: {type: string}`),
			"an item of x of made of makeThing has b; " +
				"an item of x of made of makeThing no longer has a (gone)",
		},
	} {
		places := map[string]int{"body": 0, "answer": 1, "callback": 2}
		before, after := [3]string{nothing, nothing, nothing}, [3]string{nothing, nothing, nothing}
		before[places[c.place]], after[places[c.place]] = c.before, c.after
		found, err := operationWith(t, before[0], before[1], before[2]).Differences(
			operationWith(t, after[0], after[1], after[2]))
		assert.NilError(t, err)
		var lines []string
		for _, d := range found {
			line := d.Text
			if d.Breaking() {
				line += " (" + string(d.Breaks) + ")"
			}
			lines = append(lines, line)
		}
		assert.Equal(t, strings.Join(lines, "; "), c.want)
	}
}

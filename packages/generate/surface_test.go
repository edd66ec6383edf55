package main

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
)

func TestSnake(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"getSHARequirement": "get_sha_requirement", "seed": "seed", "listAuditEvents": "list_audit_events",
	} {
		assert.Equal(t, snake(name), want)
	}
	assert.Equal(t, camel("delivery_id"), "deliveryId")
	assert.Equal(t, filled("/deliveries/{delivery_id}", "${of($1)}"), "/deliveries/${of(delivery_id)}")
}

// TestRead_hasAllOperations holds that each operation of the control surface becomes a method, with its body, its
// parameters and its result.
func TestRead_hasAllOperations(t *testing.T) {
	t.Parallel()
	s, err := read(openapi.Control())
	assert.NilError(t, err)
	assert.Equal(t, len(s.Operations), len(openapi.Control().Operations()))
	byID := map[string]operation{}
	for _, o := range s.Operations {
		byID[o.ID] = o
	}
	advance := byID["advanceClock"]
	assert.Assert(t, advance.BodyNeeded)
	assert.Equal(t, typeScript(advance.Body, ""), "AdvanceClockBody")
	assert.Equal(t, typeScript(advance.Result, ""), "Clock")
	list := byID["listDeliveries"]
	assert.Equal(t, list.Query[3].Name, "state")
	assert.Equal(t, typeScript(list.Query[3].Schema, ""), `"queued" | "delivered" | "blocked" | "gave_up"`)
	assert.Equal(t, typeScript(list.Result, ""), "Array<Delivery>")
	assert.Equal(t, pythonType(list.Result), "List[Delivery]")
	redeliver := byID["redeliver"]
	assert.DeepEqual(t, redeliver.Paths, []string{"delivery_id"})
	assert.Equal(t, javaPath(redeliver), `"/deliveries/" + MockGitLab.encoded(deliveryId) + "/redeliver"`)
	assert.Assert(t, byID["reset"].Result == nil && byID["reset"].Body == nil)
}

// TestPythonType_choices holds that a text stays as it is, also if it is the name of a value.
func TestPythonType_choices(t *testing.T) {
	t.Parallel()
	s := &schema{Enum: []any{"null", nil, "true", true, "a false one", false, 1}}
	assert.Equal(t, pythonType(s), `Literal["null", None, "true", True, "a false one", False, 1]`)
}

func TestTypeScript(t *testing.T) {
	t.Parallel()
	s := &schema{Type: "object", Properties: []named{
		{"mode", true, &schema{Ref: "Mode"}},
		{"since-then", false, &schema{Type: "integer", Nullable: true}},
	}}
	assert.Equal(t, typeScript(s, ""), "{\n  mode: Mode;\n  \"since-then\"?: number | null;\n}")
	assert.Equal(t, pythonDeclaration(named{Name: "X", Schema: s}), "X = Dict[str, Any]")
}

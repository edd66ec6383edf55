package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gotest.tools/v3/assert"
)

// schemas are the published forms, and what is written in them.
var schemas = map[string]reflect.Type{
	"report": reflect.TypeFor[Report](), "comparison": reflect.TypeFor[comparisonClaim](),
	"exploration": reflect.TypeFor[explorationClaim](),
}

var reportSchemaFile = filepath.Join("..", "docs", "reference", "report.schema.json")

var reportSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	return compiler.Compile(reportSchemaFile)
})

// claimFile writes a report as JSON and holds that it is what the published schema says.
func claimFile(t *testing.T, r *Report) []byte {
	t.Helper()
	var text bytes.Buffer
	assert.NilError(t, r.WriteJSON(&text))
	schema, err := reportSchema()
	assert.NilError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text.Bytes()))
	assert.NilError(t, err)
	assert.NilError(t, schema.Validate(value), text.String())
	return text.Bytes()
}

// TestSchemas_knowEveryProperty holds that each schema has exactly the properties that are written.
func TestSchemas_knowEveryProperty(t *testing.T) {
	t.Parallel()
	for name, of := range schemas {
		data, err := os.ReadFile(filepath.Join("..", "docs", "reference", name+".schema.json"))
		assert.NilError(t, err)
		var schema map[string]any
		assert.NilError(t, json.Unmarshal(data, &schema))
		walkSchema(t, schema, schema, of, name, map[reflect.Type]bool{})
	}
}

func walkSchema(t *testing.T, root, at map[string]any, of reflect.Type, path string, seen map[reflect.Type]bool) {
	if reference, is := at["$ref"].(string); is {
		at = root["$defs"].(map[string]any)[strings.TrimPrefix(reference, "#/$defs/")].(map[string]any)
	}
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		if items, is := at["items"].(map[string]any); is && of.Kind() == reflect.Slice {
			of = of.Elem()
			walkSchema(t, root, items, of, path+"[]", seen)
			return
		}
		of = of.Elem()
	}
	properties, is := at["properties"].(map[string]any)
	if !is || of.Kind() != reflect.Struct || seen[of] {
		return
	}
	seen[of] = true
	fields := jsonFields(of)
	var known, written []string
	for name := range properties {
		known = append(known, name)
	}
	for name := range fields {
		written = append(written, name)
	}
	slices.Sort(known)
	slices.Sort(written)
	assert.DeepEqual(t, known, written)
	for name, field := range fields {
		walkSchema(t, root, properties[name].(map[string]any), field, path+"."+name, seen)
	}
}

// jsonFields are the fields of a struct as encoding/json names them, those of embedded structs among them.
func jsonFields(of reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for inner, kind := range jsonFields(f.Type) {
				fields[inner] = kind
			}
		case f.IsExported() && name != "-":
			fields[name] = f.Type
		}
	}
	return fields
}

// TestReportSchema_refuses holds that the schema is no sieve.
func TestReportSchema_refuses(t *testing.T) {
	t.Parallel()
	report, _ := runFailing(t, failingScenarios(t))
	good := claimFile(t, report)
	schema, err := reportSchema()
	assert.NilError(t, err)
	for name, change := range map[string]func(map[string]any){
		"another format":        func(r map[string]any) { r["format"] = "statuschecks/report/v1" },
		"another verdict":       func(r map[string]any) { r["verdict"] = "fine" },
		"unknown key":           func(r map[string]any) { r["extra"] = 1 },
		"no run":                func(r map[string]any) { delete(r, "run") },
		"a total is missing":    func(r map[string]any) { delete(r["totals"].(map[string]any), "known") },
		"a time that is none":   func(r map[string]any) { r["run"].(map[string]any)["started"] = "yesterday" },
		"passed with a failure": func(r map[string]any) { failed(r)["outcome"] = "passed" },
		"failed without one":    func(r map[string]any) { delete(failed(r), "failure") },
		"known without why":     func(r map[string]any) { failed(r)["outcome"] = "known" },
		"skipped, no reason": func(r map[string]any) {
			s := failed(r)
			s["outcome"] = "skipped"
			delete(s, "failure")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var report map[string]any
			assert.NilError(t, json.Unmarshal(good, &report))
			change(report)
			text, err := json.Marshal(report)
			assert.NilError(t, err)
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			assert.NilError(t, err)
			assert.Assert(t, schema.Validate(value) != nil)
		})
	}
}

// failed is the first scenario of a report that failed.
func failed(report map[string]any) map[string]any {
	for _, s := range report["scenarios"].([]any) {
		if scenario := s.(map[string]any); scenario["outcome"] == "failed" {
			return scenario
		}
	}
	return nil
}

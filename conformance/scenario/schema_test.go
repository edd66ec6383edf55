package scenario

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/judge"
	"github.com/statuschecks/statuschecks/scenarios"
)

func scenarioSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema))
	assert.NilError(t, err)
	compiler := jsonschema.NewCompiler()
	assert.NilError(t, compiler.AddResource("scenario.json", document))
	schema, err := compiler.Compile("scenario.json")
	assert.NilError(t, err)
	return schema
}

// asJSON is a scenario file as an editor's validator sees it.
func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	root := reader.Parse(data, reader.NewProblems("x.yaml", data))
	assert.Assert(t, root != nil)
	text, err := json.Marshal(root.Plain())
	assert.NilError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	assert.NilError(t, err)
	return value
}

// TestSchemaFitsTheCatalogue holds that editors accept what the loader accepts.
func TestSchemaFitsTheCatalogue(t *testing.T) {
	t.Parallel()
	schema := scenarioSchema(t)
	assert.NilError(t, schema.Validate(asJSON(t, []byte(everything))))
	for _, files := range []fs.FS{scenarios.Files, judge.Files} {
		assert.NilError(t, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := fs.ReadFile(files, name)
			assert.NilError(t, err)
			assert.NilError(t, schema.Validate(asJSON(t, data)), name)
			return nil
		}))
	}
}

// TestSchemaRefusesTheMalformed holds that editors see what the loader refuses, as far as a schema can.
func TestSchemaRefusesTheMalformed(t *testing.T) {
	t.Parallel()
	schema := scenarioSchema(t)
	for _, name := range []string{"unknown-key", "unknown-words", "version", "patterns", "list"} {
		data, err := os.ReadFile(filepath.Join(failing, "malformed-"+name+".yaml"))
		assert.NilError(t, err)
		assert.Assert(t, schema.Validate(asJSON(t, data)) != nil, name)
	}
}

// TestSchemaHasTheLoadersKeys holds that schema and loader know the same keys.
func TestSchemaHasTheLoadersKeys(t *testing.T) {
	t.Parallel()
	var document struct {
		Defs map[string]struct {
			Properties map[string]any `json:"properties"`
			AnyOf      []struct {
				Properties map[string]any `json:"properties"`
			} `json:"anyOf"`
		} `json:"$defs"`
	}
	assert.NilError(t, json.Unmarshal(scenarios.Schema, &document))
	for kind, keys := range vocabulary {
		def, there := document.Defs[kind]
		assert.Assert(t, there, "the schema has no %s", kind)
		properties := def.Properties
		for _, choice := range def.AnyOf {
			if len(choice.Properties) > 0 {
				properties = choice.Properties
			}
		}
		assert.DeepEqual(t, slices.Sorted(maps.Keys(properties)), slices.Sorted(slices.Values(keys)))
	}
}

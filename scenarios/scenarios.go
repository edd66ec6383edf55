// Package scenarios holds the catalogue of the conformance suite: one YAML file a scenario or a tight family, in a
// folder per area. docs/scenario-format.md teaches the format, schema.json serves editors.
package scenarios

import "embed"

// Files is the catalogue.
//
//go:embed */*.yaml
var Files embed.FS

// Unseen names what the catalogue has no scenario for, and why.
//
//go:embed unseen.yaml
var Unseen []byte

// Operations says which operations of the contract the verdict is about, and which only help.
//
//go:embed operations.yaml
var Operations []byte

// Schema is the JSON Schema of a scenario file.
//
//go:embed schema.json
var Schema []byte

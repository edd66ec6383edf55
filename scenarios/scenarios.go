// Package scenarios contains the scenario files of the conformance suite: a folder for each area, and in it a file
// for each scenario or group of related scenarios. docs/scenario-format.md explains the format. schema.json is the
// JSON Schema for editors.
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

// Package judge contains the scenarios by which statuschecks judge judges an external service for status checks: a
// folder for each area. docs/judge.md tells what they ask of a service, and docs/scenario-format.md explains the
// format.
package judge

import "embed"

// Files are the scenarios.
//
//go:embed */*.yaml
var Files embed.FS

package scenario

import "slices"

// vocabulary lists the keys of the scenario format by the kind of mapping they stand in. The loader takes these and
// no others; scenarios/schema.json says the same for editors.
var vocabulary = map[string][]string{
	"file": {"scenarios"},
	"scenario": {
		"id", "summary", "level", "evidence", "source", "why", "tags", "since", "until", "needs",
		"isolation", "given", "steps", "cases",
	},
	"case":          {"id", "summary", "level", "evidence", "source", "why", "tags", "since", "until", "needs", "with"},
	"given":         {"project", "branches", "checks", "merge_request", "tokens", "replies", "members", "other"},
	"project":       {"visibility", "settings", "group"},
	"branch":        {"name", "protected", "wildcard", "group"},
	"check":         {"name", "external_url", "secret", "branches", "before"},
	"token":         {"role", "scopes", "days", "revoked"},
	"reply":         {"status", "headers", "body", "after", "close"},
	"member":        {"role", "abilities", "group"},
	"merge_request": {"target", "author", "assignee", "draft", "fork"},
	"step": {
		"note", "as", "call", "with", "query", "encode", "json", "headers", "raw", "lenient", "expect",
		"capture", "await", "or_skip", "let", "receive", "push", "answer", "calls", "deliver", "fault", "secrets",
	},
	"raw":     {"method", "api", "prefix", "suffix", "query", "body", "chunked", "no_type", "escape"},
	"part":    {"repeat", "times"},
	"expect":  {"status", "headers", "body", "text", "empty"},
	"let":     {"pass", "freeze", "licensed", "require_sha"},
	"receive": {"check", "at", "method", "within", "none", "headers", "body", "signed", "answered", "capture"},
	"push":    {"message"},
	"answer":  {"check", "status", "within"},
	"calls":   {"operation", "none", "at_least", "at_most", "paged", "within"},
	"deliver": {"check", "set", "drop", "body", "form", "sign", "expect"},
	"item":    {"where", "is"},
	"pattern": {
		"$any", "$absent", "$null", "$type", "$match", "$contains", "$not", "$one_of", "$length", "$keys",
		"$exact", "$each", "$none", "$item", "$jq",
	},
}

// TopKeys are the keys that stand at the top of a scenario file.
func TopKeys() []string { return slices.Concat(vocabulary["file"], vocabulary["scenario"]) }

// stepKinds are the keys that say what a step does.
var stepKinds = []string{"call", "let", "receive", "push", "answer", "calls", "deliver", "fault", "secrets"}

// stepKeys says which keys of a step go with which kind of step, beside the kind's own key and "note".
var stepKeys = map[string][]string{
	"call": {
		"as", "with", "query", "encode", "json", "headers", "raw", "lenient", "expect", "capture", "await",
		"or_skip",
	},
}

var (
	// Visibilities are those of projects, from the most private.
	Visibilities = []string{"private", "internal", "public"}
	groupPlaces  = []string{InTopGroup, BelowTopGroup}
	encodings    = []string{"json", "form", "multipart", "query"}
	// Evidences are the marks that say how a fact is known.
	Evidences     = []string{"S", "V", "R", "D", "U"}
	valueTypes    = []string{"integer", "number", "string", "boolean", "array", "object", "null"}
	escapings     = []string{EscapeLetters, EscapeLowerCase}
	deliveryVerbs = []string{"POST", "GET"}
)

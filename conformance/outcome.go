package conformance

import (
	"fmt"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// Outcome is how a scenario ended. Outcomes are ordered: the worst wins.
type Outcome int

// The outcomes, from the mildest.
const (
	Skipped  Outcome = iota // it did not run; the reason says why
	Passed                  // everything was as expected
	Known                   // it met something else, as the profile says that it will
	Differed                // a should or observed scenario met something else, which is no failure
	Failed                  // a must scenario met something else
	Errored                 // it could not be carried out
)

var outcomeNames = []string{"skipped", "passed", "known", "differed", "failed", "errored"}

// Outcomes are all outcomes, from the mildest.
var Outcomes = []Outcome{Skipped, Passed, Known, Differed, Failed, Errored}

// String is the outcome in one word.
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomeNames) {
		return "unknown"
	}
	return outcomeNames[o]
}

// MarshalText is the outcome in one word, for reports.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the word.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("unknown outcome %q", text)
}

// Result is the result of one scenario.
type Result struct {
	ID       string          `json:"id"`
	Summary  string          `json:"summary"`
	Level    scenario.Level  `json:"level"`
	Area     string          `json:"area"`
	Tags     []string        `json:"tags,omitempty"`
	Roles    []scenario.Role `json:"roles,omitempty"` // who makes its requests
	Evidence string          `json:"evidence"`
	Source   string          `json:"source"`
	Why      string          `json:"why,omitempty"`
	File     string          `json:"file"` // with the line
	Outcome  Outcome         `json:"outcome"`
	Reason   string          `json:"reason,omitempty"` // why it was skipped
	Moot     bool            `json:"moot,omitempty"`   // skipped because it says nothing about such a target
	Waits    string          `json:"waits,omitempty"`  // how long it really waits, if it was skipped for that
	Seconds  float64         `json:"seconds"`
	Failure  *Failure        `json:"failure,omitempty"`
	Before   []Exchange      `json:"before,omitempty"` // what was exchanged before the failing step

	// Difference is what the profile says about the scenario. With the outcome Pass the target no longer differs.
	Difference *KnownDifference `json:"difference,omitempty"`
}

// scenarioRun is the result of a scenario while the run goes on.
type scenarioRun struct {
	Result // but for Failure and Before
	mishap *mishap
	before []exchange
	views  []view // for comparing targets
}

// record is the result as a report shows it.
func (j *scenarioRun) record(s *secrets) Result {
	result := *redacted(&j.Result, s)
	if j.mishap != nil {
		result.Failure = redacted(&j.mishap.Failure, s)
		if j.mishap.exchange != nil {
			result.Failure.Exchange = j.mishap.exchange.shown(s)
		}
	}
	for i := range j.before {
		result.Before = append(result.Before, *j.before[i].shown(s))
	}
	return result
}

// KnownDifference says where a compatible server differs from GitLab on purpose.
type KnownDifference struct {
	Reason string `json:"reason"`
	Link   string `json:"link"` // where the server's makers say so
}

// Failure explains why a scenario did not pass.
type Failure struct {
	Step       int                 `json:"step,omitempty"` // counted from 1; 0 when the fixture could not be made
	File       string              `json:"file,omitempty"`
	Action     string              `json:"action"`
	Note       string              `json:"note,omitempty"`
	Message    string              `json:"message,omitempty"`
	Attempts   int                 `json:"attempts,omitempty"` // of an await
	Mismatches []scenario.Mismatch `json:"mismatches,omitempty"`
	Diff       string              `json:"diff,omitempty"`
	Contract   []Finding           `json:"contract,omitempty"`
	Exchange   *Exchange           `json:"exchange,omitempty"`
}

// mishap is a failure while the run goes on.
type mishap struct {
	Failure  // but for Exchange
	exchange *exchange
	sent     func() exchange // writes the exchange down
	outcome  Outcome
	reason   string // why the scenario is left out after all
}

// show sets the exchange.
func (m *mishap) show(sent func() exchange) {
	e := sent()
	m.exchange = &e
}

// Finding is one way in which a request, response or delivery breaks the contract.
type Finding struct {
	In      string `json:"in"` // "answer", "request" or "delivery"
	Code    string `json:"code"`
	Pointer string `json:"pointer,omitempty"`
	Message string `json:"message"`
}

// String is the finding in one line.
func (f Finding) String() string {
	place := f.In
	if f.Pointer != "" {
		place += " at " + f.Pointer
	}
	return fmt.Sprintf("%s: %s [%s]", place, f.Message, f.Code)
}

func findings(t *target, in string, violations []openapi.Violation) []Finding {
	found := make([]Finding, 0, len(violations))
	for _, v := range violations {
		pointer := v.Pointer
		if pointer == "" {
			pointer = v.Parameter
		}
		found = append(found, Finding{
			In: in, Code: v.Code, Pointer: pointer,
			Message: t.secrets.redact(v.Message),
		})
	}
	return found
}

package scenario

import (
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

// The needs of scenarios that judge an external service instead of a GitLab.
const (
	NeedService = "service" // an external service is judged; follows from the steps
	NeedAnswers = "answers" // the service was seen to set a status
	NeedPending = "pending" // it was seen to set pending
	NeedLists   = "lists"   // it was seen to read lists
	NeedWrites  = "writes"  // it was seen to comment on merge requests or to change them
	NeedSecret  = "secret"  // its shared secret is known
)

// AnswerStep expects that the service sets a status for a check on the head of the merge request.
type AnswerStep struct {
	Check  string
	Status []string      // any of these; empty means passed or failed, with which the service is done
	Within time.Duration // 0 means as long as the service is given
}

// Calls expects something of the service's calls to the API since the last event, once it is at rest.
type Calls struct {
	Operation string        // only calls of this operationId; empty means all
	None      bool          // there is none
	AtLeast   int           // there are so many; 0 asks for none
	AtMost    int           // there are no more; 0 means that there is no bound
	Paged     bool          // the service read every list to its end
	Within    time.Duration // how long to wait for rest at most; 0 means 5 seconds
}

// Deliver sends the service a delivery as somebody else than GitLab could. It is the newest one that GitLab sent for
// the check, with changes.
type Deliver struct {
	Check   string
	Set     map[string]any // values by dotted path
	Drop    []string       // dotted paths
	Body    string         // the whole body, when HasBody
	HasBody bool
	Form    string // how the JSON is written, one of the forms; empty means as GitLab does
	Sign    string // one of the signings; empty means rightly
	Expect  string // one of the receptions
}

// The ways to write the JSON of a delivery.
const (
	FormIndented = "indented" // over many lines
	FormEscaped  = "escaped"  // what is not ASCII as \u escapes
	FormSorted   = "sorted"   // the keys in the order of the alphabet
)

// The ways to sign a delivery wrongly.
const (
	SignNone    = "none"    // without a signature
	SignOther   = "other"   // with another secret
	SignBefore  = "before"  // the signature of the body before it was changed
	SignCut     = "cut"     // the first half of the right signature
	SignEmpty   = "empty"   // a signature of no length
	SignInserts = "garbage" // what is no signature at all
)

// How a service can take a delivery.
const (
	Taken    = "taken"    // it answers 200 to 299
	Refused  = "refused"  // it answers 400 to 499
	Survived = "survived" // it answers below 500
)

var (
	forms      = []string{FormIndented, FormEscaped, FormSorted}
	signings   = []string{SignNone, SignOther, SignBefore, SignCut, SignEmpty, SignInserts}
	receptions = []string{Taken, Refused, Survived}
	statuses   = []string{"pending", "passed", "failed"}
)

// judgesService tells whether a step is about an external service.
func (s *Step) judgesService() bool {
	return s.Answer != nil || s.Calls != nil || s.Deliver != nil || s.Fault != nil || s.Secrets != "" ||
		s.Receive != nil && s.Receive.Answered != ""
}

// needsService tells whether a scenario judges an external service.
func (s *Scenario) needsService() bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.judgesService() })
}

// Changes tells whether a step lets something happen that an external service is told of. The operation is that of a
// call; nil where there is none.
func (s *Step) Changes(operation *openapi.Operation) bool {
	switch s.Kind() {
	case "push", "let":
		return true
	case "call":
		return operation != nil && operation.Method != http.MethodGet
	}
	return false
}

func (a *AnswerStep) record() record {
	var r record
	r.Add("check", a.Check)
	r.Add("status", texts(a.Status))
	r.Add("within", lengthText(a.Within))
	return r
}

func (c *Calls) record() record {
	var r record
	r.Add("operation", c.Operation)
	r.Add("none", c.None)
	if c.AtLeast > 0 {
		r.Add("at_least", int64(c.AtLeast))
	}
	if c.AtMost > 0 {
		r.Add("at_most", int64(c.AtMost))
	}
	r.Add("paged", c.Paged)
	r.Add("within", lengthText(c.Within))
	return r
}

func (d *Deliver) record() record {
	var r record
	r.Add("check", d.Check)
	r.Add("set", d.Set)
	r.Add("drop", texts(d.Drop))
	if d.HasBody {
		r = append(r, strictyaml.Entry{Key: "body", Value: d.Body})
	}
	r.Add("form", d.Form)
	r.Add("sign", d.Sign)
	r.Add("expect", d.Expect)
	return r
}

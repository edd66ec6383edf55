package conformance

import (
	"context"
	"io/fs"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

// Target describes a server: how to reach it, and what may be used on it. URL and Token are required. The zero value
// of every other field is useful.
type Target struct {
	URL   string // the instance's root or its /api/v4
	Token string // a personal access token with the scope api, of a user who may create projects
	// tokens of users for roles from Guest to Owner and for Stranger; the run creates the others
	Tokens map[scenario.Role]string

	Namespace string // where projects are created, as an id or a full path; empty means the token's own namespace
	Project   string // an existing project to work in, as an id or a full path; no project is created then
	// beside Project: a second existing project, whose members are strangers to the first; may be empty
	OtherProject string

	AssumeVersion release.Version // the release to judge the server by; zero means the release that it reports
	AssumePatch   *int            // the patch level of AssumeVersion; nil means that it is not known
	Profile       *Profile        // where the server differs on purpose; nil means nowhere

	ControlToken string // for the control surface of a mock that demands one

	Service   *Service          // the external service that is judged; nil means that the server itself is judged
	Receiver  *Receiver         // where the server's deliveries go; nil means that no delivery can be seen
	Transport http.RoundTripper // sends the requests; nil means the network
	EndsAfter bool              // the server is there for the run alone: nothing has to be removed when it is over
	Pace
}

// Pace says how fast requests are sent to a server, and how slow the server may be. The zero value works.
type Pace struct {
	Jobs     int           // scenarios that run at the same time; 0 means 8
	Rate     float64       // most requests per second; 0 means no limit
	Timeout  time.Duration // longest time for one request and its response; 0 means a minute
	Patience time.Duration // longest time to wait for background work of the server; 0 means a minute
}

// RunOptions describes a run: which scenarios, and how. The zero value runs all scenarios that do not have to wait.
type RunOptions struct {
	Scenarios fs.FS // nil means the built-in scenarios, including those of Negatives
	Selection
	Shard        Shard         // the part of the run that is done; the zero value is all of it
	Strict       bool          // properties that the contract does not know are violations
	ReceiverWait time.Duration // how long to wait for the first delivery; 0 means 15 seconds

	RunID  string // part of the name of everything that is created; empty means one made from the clock
	Ledger string // a file that records what is created, for CleanUp; empty keeps the record in memory
	// Keep keeps what was created, and the ledger. Where several scenarios run, each has a project of its own then; in
	// a given project, what they made is removed nevertheless, as it would disturb the others.
	Keep bool

	Clock   func() time.Time // nil means the wall clock
	Wait    Waiter           // nil means to wait on the wall clock
	Product string           // name and version for the User-Agent; empty means "statuschecks"
	Command string           // the command that began the run, for the report; may be empty

	// The library calls these functions one at a time. Each of them may be nil.
	Begun    func(sc *scenario.Scenario)         // before each scenario that runs
	Progress func(done, total int, last *Result) // after each scenario
	Slowed   func(length time.Duration)          // when the server asks to wait
}

// Waiter waits for a length of time. If the context ends earlier, it returns an error.
type Waiter func(ctx context.Context, length time.Duration) error

// options are what a run goes by.
type options struct {
	Target
	RunOptions
	compare bool // keep views of all responses
}

func (o options) withDefaults() options {
	if o.Service != nil {
		o.Jobs = 1 // what the service does is seen in one journal
	}
	if o.Jobs <= 0 {
		o.Jobs = 8
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Patience <= 0 {
		o.Patience = time.Minute
	}
	if o.ReceiverWait <= 0 {
		o.ReceiverWait = 15 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Wait == nil {
		o.Wait = realWait
	}
	if o.RunID == "" {
		o.RunID = strconv.FormatInt(o.Clock().UnixMilli(), 36)
	}
	if o.Product == "" {
		o.Product = "statuschecks"
	}
	return o
}

// besideLedger names the ledger of one of the two servers of a run, by putting a suffix behind the name without its
// extension. A server in this process ends with the process, so that nothing has to be recorded on disk.
func besideLedger(path, suffix string, server Target) string {
	if _, here := server.Transport.(inProcess); here || path == "" {
		return ""
	}
	extension := filepath.Ext(path)
	return strings.TrimSuffix(path, extension) + suffix + extension
}

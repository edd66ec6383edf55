package proof

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/scenarios"
)

// setup is a server to judge, and how.
type setup struct {
	conformance.Target
	conformance.RunOptions
}

// trial is one run of the suite against a server of this package.
type trial struct {
	defect Defect
	only   []string                  // scenarios, areas or globs; nil means all
	jobs   int                       // scenarios at a time; 0 means one, so that the same run gives the same result
	mock   func(*mockserver.Options) // changes the good server; nil means not
	suite  func(*setup)              // changes the run; nil means not
	then   func(*Server)             // looks at the server when the run is over; nil means not
}

// judge runs the suite in a bubble: nothing really waits, and every wait is as long as it would be.
func (tr trial) judge(t *testing.T) (report *conformance.Report, server *Server) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { report, server = tr.run(t) })
	return report, server
}

func (tr trial) run(t *testing.T) (*conformance.Report, *Server) {
	options, server, end := tr.begin(t)
	defer end()
	report, err := conformance.Run(context.Background(), options.Target, options.RunOptions)
	assert.NilError(t, err, "the server %s could not be judged", tr.defect.ID)
	if tr.then != nil {
		tr.then(server)
	}
	return report, server
}

// begin starts the server, which runs until end is called, and says how to judge it.
func (tr trial) begin(t *testing.T) (options setup, server *Server, end func()) {
	receiver := conformance.NewReceiver(receiverURL)
	server, err := New(tr.defect, receiver, present, func(o *mockserver.Options) {
		if tr.mock != nil {
			tr.mock(o)
		}
	})
	assert.NilError(t, err)
	running, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.good.Run(running) })
	options = setup{conformance.Target{
		URL: serverURL, Token: server.memory.admin, Receiver: receiver, Transport: conformance.InProcess(server),
		Pace: conformance.Pace{Jobs: max(tr.jobs, 1)},
	}, conformance.RunOptions{
		RunID: "run1", Clock: present, Scenarios: filesOf(t, tr.only),
		Selection: conformance.Selection{Only: tr.only, MaxWait: -1},
	}}
	if tr.suite != nil {
		tr.suite(&options)
	}
	return options, server, func() { stop(); ended.Wait() }
}

// present is the time in a bubble, whose own clock begins at the turn of the millennium.
func present() time.Time { return time.Now().AddDate(26, 1, 0) }

// everything is the catalogue, read once: what is written and what is made from the contract.
var everything = sync.OnceValues(func() ([]*scenario.Scenario, error) { return conformance.LoadCatalogue(nil) })

// filesOf are the files of the catalogue that have some scenarios, so that a short run need not read them all. Where
// not all are named by their ids, or some are made from the contract, it is nil: the whole catalogue.
func filesOf(t *testing.T, only []string) fs.FS {
	t.Helper()
	some, found := fstest.MapFS{}, 0
	for _, s := range catalogue(t) {
		if slices.Contains(only, s.ID) && s.Area != conformance.NegativeArea {
			text, err := fs.ReadFile(scenarios.Files, s.Position.File)
			assert.NilError(t, err)
			some[s.Position.File] = &fstest.MapFile{Data: text}
			found++
		}
	}
	if found == 0 || found < len(only) {
		return nil
	}
	return some
}

// shown is a report for people.
func shown(t *testing.T, report *conformance.Report) string {
	t.Helper()
	var out strings.Builder
	assert.NilError(t, report.WriteText(&out, conformance.TextOptions{}))
	return out.String()
}

// Package proof tests the conformance suite with broken servers. Each broken server is the mock with one deliberate
// defect, a small change to what goes in or comes out. The table killers.yaml lists for each of them exactly which
// scenarios catch it, and tests compare the table with reality. If fewer scenarios catch a defect, the suite has a
// gap. If more do, scenarios overlap, and somebody should know. The tests also check that correct servers are never
// blamed, including slow ones and old releases.
//
// docs/reference/proof.md is generated from the tables of this package. Nothing in the product imports it.
package proof

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// Defect is one thing that a server does wrong. Of Answer, Deliver and Options at least one is set.
type Defect struct {
	ID      string          // permanent, in kebab-case
	Wrong   string          // what the server does wrong, in one sentence
	Area    string          // one of Areas
	Version release.Version // the release that the good server behaves as; zero means the reference
	Claims  string          // the version that the server says it is; empty means the truth

	Answer  alteration                        // changes requests and answers
	Deliver delivery                          // changes deliveries
	Options func(options *mockserver.Options) // changes the good server itself
}

// Areas are those that defects are sorted into, in the order of the document.
var Areas = []string{
	"http", "token", "parameters", "paging", "checks", "list", "masking", "respond", "retry", "timeout", "roles",
	"isolation", "groups",
	"licence", "deliver", "payload", "merge", "fixture", "history", "harmless",
}

// Defects are all broken servers, by area.
func Defects() []Defect {
	return slices.Concat(httpDefects, doorDefects, pipelineDefects, tokenDefects, scopeDefects, parameterDefects,
		pagingDefects, checkDefects, changeDefects, limitDefects, deletionDefects,
		listDefects, responseDefects, retryDefects, timeDefects, roleDefects, isolationDefects, groupDefects,
		licenceDefects, deliveryDefects, answerDefects, payloadDefects, forkDefects, gateDefects,
		fixtureDefects, historyDefects, releaseDefects, orderDefects, formDefects, lifeDefects, customDefects,
		approvalDefects, crossDefects, minuteDefects, lifeOfChecksDefects, writingDefects, diffDefects, hookDefects,
		ciDefects, peopleDefects)
}

// Server is a broken server.
type Server struct {
	good   *mockserver.Server
	defect Defect
	memory *memory

	receiver http.RoundTripper
}

// The addresses of the server and of what receives its deliveries. Nothing is ever looked up under them.
const (
	serverURL   = "http://gitlab.invalid"
	receiverURL = "http://receiver.invalid"
)

// New makes a server with a defect; the zero Defect makes a good one. Its deliveries go to the receiver.
func New(d Defect, receiver *conformance.Receiver, now func() time.Time, change ...func(*mockserver.Options)) (*Server,
	error,
) {
	world := seed.Default()
	s := &Server{defect: d, memory: newMemory(adminToken(world)), receiver: conformance.InProcess(receiver)}
	options := mockserver.Options{
		Version: d.Version, BaseURL: serverURL, Now: now, Seed: &world,
		Transport: s.transport(s.receiver), Features: unhidden(d.Version),
	}
	if d.Options != nil {
		change = append(change, d.Options)
	}
	for _, f := range change {
		f(&options)
	}
	var err error
	s.good, err = mockserver.New(options)
	return s, err
}

// unhidden switches on the flag without which a release has no external status checks at all.
func unhidden(v release.Version) map[string]bool {
	const all = "ff_external_status_checks"
	for _, flag := range mockserver.FeatureFlags() {
		if flag.Name == all && flag.In(v) {
			return map[string]bool{all: true}
		}
	}
	return nil
}

func adminToken(world seed.Document) string {
	for _, token := range world.Tokens() {
		if token.Role == "admin" {
			return token.Secret
		}
	}
	return ""
}

// ServeHTTP answers as the good server does, but for the defect.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := s.visit(r)
	if v.method() != http.MethodGet {
		s.memory.hide(v.told())
	}
	if s.defect.Answer != nil {
		s.defect.Answer(v)
	}
	if v.status == 0 {
		v.pass()
	}
	if s.defect.Claims != "" && (v.op == "getVersion" || v.op == "getMetadata") {
		v.answer = []byte(strings.ReplaceAll(string(v.answer), s.defect.Version.String()+".", s.defect.Claims+"."))
	}
	v.write(w)
}

package mockserver

import (
	"context"
	"net/http"
	"time"
	"weak"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// What follows is for the tests outside the package. They see the rest as users do.

// Limits and texts that tests go up to and compare with.
const (
	APIPrefix        = apiPrefix
	ControlPrefix    = controlPrefix
	ExchangeTimeout  = exchangeTimeout
	KeptBody         = keptBody
	KeptSurprises    = keptSurprises
	LongestKept      = longestKept
	LongestPath      = longestPath
	LongestRepeated  = longestRepeated
	LongestSearched  = longestSearched
	LongestSurprise  = longestSurprise
	LowLevelError    = lowLevelError
	MalformedJSON    = malformedJSON
	MaxUnderway      = maxUnderway
	MostFindings     = mostFindings
	MostNew          = mostNew
	NotAvailable     = notAvailable
	OpenTimeout      = openTimeout
	ReadTimeout      = readTimeout
	TotalReadTimeout = totalReadTimeout
	TraversalText    = traversalText
	WriteTimeout     = writeTimeout
)

// SavedFile and CommandsSummary are entities that no response shows whole.
type (
	SavedFile       = savedFile
	CommandsSummary = commandsSummary
)

// Functions that are tested by themselves.
var (
	EncodeJSON          = encodeJSON
	ErrBlocked          = errBlocked
	KeptText            = keptText
	LeadsNowhere        = leadsNowhere
	PresentMergeRequest = presentMergeRequest
	RepeatedNames       = repeatedNames
	Survive             = (*Server).survive
	TransportOver       = transportOver
	WantsPage           = wantsPage
)

// GraphQLSchema is the schema of a release.
func GraphQLSchema(v release.Version) *graphql.Schema { return graphQLSchema(v) }

// GraphQLResolvers are the names of the fields that have a resolver.
func GraphQLResolvers() map[string]graphql.Resolver { return graphQLResolvers }

// FrontDoor are the names of the layers, in their order.
func FrontDoor() (names []string) {
	for _, l := range frontDoor {
		names = append(names, l.name)
	}
	return names
}

// IsStatusCheckOperation reports whether an operation is one of the seven.
func IsStatusCheckOperation(id string) bool {
	_, is := statusCheckOperations[id]
	return is
}

// ControlOperations are the ids of the operations of the control surface that are served.
func ControlOperations() (ids []string) { return sortedKeys(controlOperations) }

// Contract is the contract of the release that the server has.
func (s *Server) Contract() *openapi.Document { return s.surface().contract }

// ChangeState changes the state in ways that no request can.
func (s *Server) ChangeState(f func(*gitlab.Tx) error) error {
	return s.world.state.Update(s.world.clock.now(), f)
}

// ViewState reads the state at a time.
func (s *Server) ViewState(now time.Time, f func(*gitlab.Tx) error) error {
	return s.world.state.View(now, f)
}

// KeepState keeps the state, and returns what puts it back.
func (s *Server) KeepState() (restore func()) {
	kept := s.world.state.Snapshot()
	return func() { s.world.state.Restore(kept) }
}

// HeldWorlds is how many worlds are in memory, the server's own among them.
func (s *Server) HeldWorlds() int { return len(s.family.all()) }

// People are those whom a page can be used as.
func (s *Server) People() []pages.Person { return desk{s}.People() }

// Now is the time of the server's world.
func (s *Server) Now() time.Time { return s.world.clock.now() }

// Forgotten returns what reports whether the world is no longer in memory.
func (s *Server) Forgotten() func() bool {
	p := weak.Make(s.world)
	return func() bool { return p.Value() == nil }
}

// GuardDial refuses an address that deliveries may not reach.
func (s *Server) GuardDial(network, address string) error {
	return s.world.deliverer.guard(network, address)
}

// DeliveryTransport sends the deliveries.
func (s *Server) DeliveryTransport() http.RoundTripper { return s.world.deliverer.transport }

// MakePatient lets deliveries have the timeouts of the mock's own connections.
func (s *Server) MakePatient() { s.world.deliverer.patient = true }

// Transport is that of the options.
func (s *Server) Transport() http.RoundTripper { return s.opts.Transport }

// Store is where the server keeps its worlds.
func (s *Server) Store() Store { return s.opts.Store }

// Holds reports whether the server has a world in its memory.
func (s *Server) Holds(world string) bool {
	_, here := s.known(world)
	return here
}

// ExpireWorlds ends the worlds that nobody used for too long.
func (s *Server) ExpireWorlds(now time.Time) { s.family.expire(now) }

// HeldWorld returns what reports whether a world is being saved or removed just now, and what saves it.
func (s *Server) HeldWorld(name string) (busy func() bool, keep func(context.Context) error) {
	w := s.family.at(name)
	busy = func() bool {
		free := w.custody.mu.TryLock()
		if free {
			w.custody.mu.Unlock()
		}
		return !free
	}
	return busy, w.keep
}

// UseWorld finds or makes a world for a request, and returns how many requests it has. They are over when that is
// returned.
func (s *Server) UseWorld(ctx context.Context, name string) (int64, error) {
	child, err := s.worldFor(ctx, name)
	if err != nil {
		return 0, err
	}
	defer child.place.busy.Add(-1)
	return child.place.busy.Load(), nil
}

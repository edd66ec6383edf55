package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

const (
	apiPath     = "/api/v4"
	controlPath = "/-/mock"
)

// readyNote is the ready line: what a program needs that started serve.
type readyNote struct {
	Event   string            `json:"event"`                    // always "ready"
	URL     string            `json:"url"`                      // root of the instance
	API     string            `json:"api"`                      // root of its REST API
	Control string            `json:"control,omitempty"`        // root of the control surface
	Closed  string            `json:"control_closed,omitempty"` // why there is none, and how to get it
	Socket  string            `json:"socket,omitempty"`         // path of the socket that the URLs are behind
	CA      string            `json:"ca,omitempty"`             // file with the certificate to trust
	Version string            `json:"gitlab_version"`
	PID     int               `json:"pid"`
	Tokens  map[string]string `json:"tokens"` // secret by username

	world seed.Document
}

func newReadyNote(d *doors, version string, world *seed.Document) *readyNote {
	note := &readyNote{
		Event: "ready", URL: rootURL(d.main, d.tls.config != nil), CA: d.tls.ca, Version: version,
		PID:    os.Getpid(),
		Tokens: map[string]string{},
	}
	if world != nil {
		note.world = *world
	} else {
		note.world = seed.Default()
	}
	if at, ok := d.main.Addr().(*net.UnixAddr); ok {
		note.Socket = at.Name
	}
	note.API, note.Control = note.URL+apiPath, note.URL+controlPath
	if d.control != nil {
		note.Control = rootURL(d.control, d.tls.config != nil) + controlPath
	}
	note.takeTokens()
	return note
}

// takeTokens notes the first token of each user.
func (n *readyNote) takeTokens() {
	for _, t := range n.world.Tokens() {
		if n.Tokens[t.Username] == "" {
			n.Tokens[t.Username] = t.Secret
		}
	}
}

// publish tells people and programs that the server is ready.
func (n *readyNote) publish(sys system, file *readyFile) error {
	line, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("write the ready line: %w", err)
	}
	line = append(line, '\n')
	if err := file.write(line); err != nil {
		return wrongUsage("%w", err)
	}
	fmt.Fprint(sys.errs, n.banner())
	if _, err := sys.out.Write(line); err != nil {
		return cannotServe("write the ready line: %w", err)
	}
	return nil
}

// banner is the same for people.
func (n *readyNote) banner() string {
	var b strings.Builder
	fmt.Fprintf(&b, "A mock of GitLab %s is ready at %s\n", n.Version, n.URL)
	if n.Socket != "" {
		fmt.Fprintf(&b, "It listens on the socket %s\n", n.Socket)
	}
	if n.CA != "" {
		fmt.Fprintf(&b, "The certificate to trust is in %s\n", n.CA)
	}
	if n.Control != "" {
		fmt.Fprintf(&b, "Clock, licence, deliveries and more: %s\n", n.Control)
	}
	if n.Closed != "" {
		fmt.Fprintf(&b, "Note: %s\n", n.Closed)
	}
	tokens := n.world.Tokens()
	if len(tokens) > 0 {
		fmt.Fprintf(&b, "\nTokens:\n")
	}
	columns := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, t := range tokens {
		fmt.Fprintf(columns, "  %s\t%s\t%s\n", t.Secret, t.Username, t.Role)
	}
	_ = columns.Flush() // into memory
	if samples := n.samples(); len(samples) > 0 {
		fmt.Fprintf(&b, "\nTry:\n  %s\n", strings.Join(samples, "\n  "))
	}
	return b.String() + "\n"
}

// samples are three commands that show something of the world, if there is enough in it.
func (n *readyNote) samples() []string {
	token := n.powerfulToken()
	for _, p := range n.world.Projects {
		if p.ID == 0 || token == "" {
			continue
		}
		for _, mr := range p.MergeRequests {
			if mr.IID == 0 || mr.SHA == "" || len(p.ExternalStatusChecks) == 0 {
				continue
			}
			check := p.ExternalStatusChecks[0].ID
			where := map[string]string{"id": strconv.FormatInt(p.ID, 10), "merge_request_iid": strconv.FormatInt(mr.IID,
				10)}
			return []string{
				n.curl("listExternalStatusChecks", token, where, ""),
				n.curl("listMergeRequestStatusChecks", token, where, ""),
				n.curl("createStatusCheckResponse", token, where,
					fmt.Sprintf("-d external_status_check_id=%d -d sha=%s -d status=failed ", check, mr.SHA)),
			}
		}
	}
	return nil
}

// powerfulToken is that of the user who may do most without being an administrator, who may not respond where he is no
// member.
func (n *readyNote) powerfulToken() string {
	best := ""
	for _, t := range n.world.Tokens() {
		switch t.Role {
		case "owner":
			return t.Secret
		case "maintainer":
			best = cmp.Or(best, t.Secret)
		}
	}
	return best
}

func (n *readyNote) curl(operation, token string, where map[string]string, body string) string {
	o := openapi.GitLab().Operation(operation)
	path := o.Path
	for name, value := range where {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	transport := ""
	if n.Socket != "" {
		transport += "--unix-socket " + n.Socket + " "
	}
	if n.CA != "" {
		transport += "--cacert " + n.CA + " "
	}
	return fmt.Sprintf("curl %s-H 'PRIVATE-TOKEN: %s' %s%s%s", transport, token, body, n.API, path)
}

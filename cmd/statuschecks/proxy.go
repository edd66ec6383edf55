package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/proxy"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// proxyListen is where proxy listens unless told otherwise.
const proxyListen = "127.0.0.1:8931"

type proxyOptions struct {
	listen, upstream, token, caFile, record, coverage string
	version                                           releaseFlag
}

func newProxy(sys system) *cobra.Command {
	o := &proxyOptions{listen: proxyListen}
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Stand before a GitLab, and check what passes",
		Long: `Pass requests on to a GitLab and its responses back, without a change, and check each exchange
against the contract of the GitLab's release. What does not fit is printed when it is seen first; at the
end comes a summary, with notes about what clients do and how much of the API they use. Stop it with
SIGINT or SIGTERM. It never sends a token that a client did not send; --token is for asking which release
the GitLab is, once at the start.`,
		Example: "  statuschecks proxy --upstream https://gitlab.example.com --gitlab-version 18.9\n" +
			"  statuschecks proxy --upstream https://gitlab.example.com --record session.har",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	f := cmd.Flags()
	f.Var(newText(&o.upstream, ownURL), "upstream", "root `URL` of the GitLab")
	f.Var(newText(&o.listen, listenAddress), "listen", "`host:port` to listen at, port 0 for a free one")
	f.Var(&o.version, "gitlab-version", "GitLab release that it is (default: what it says to --token, else the "+
		"newest that is known)")
	f.Var(newSecret(&o.token), "token", "`token` to ask for the release; STATUSCHECKS_TOKEN is safer")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the GitLab's certificate")
	f.Var(newText(&o.record, writable), "record", "`file` for a recording of all exchanges (HAR), without secrets")
	f.Var(newText(&o.coverage, writable), "coverage", "`file` for a report of what clients exercised, written at the "+
		"end; see docs/coverage.md")
	nameVariable(f, "listen", "proxy-listen")
	return cmd
}

func (o *proxyOptions) run(ctx context.Context, sys system) error {
	if o.upstream == "" {
		return wrongUsage("--upstream is needed: the root URL of the GitLab to pass requests on to")
	}
	transport, err := trusting(o.caFile)
	if err != nil {
		return err
	}
	transport.DisableCompression = true // it neither packs nor unpacks
	version, err := o.release(ctx, sys, newClient(transport))
	if err != nil {
		return err
	}
	upstream, err := url.Parse(o.upstream)
	if err != nil {
		return wrongUsage("--upstream is no URL")
	}
	listener, err := listen(ctx, "listen", o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	options := proxy.Options{
		Upstream: upstream, Hosts: hostsOf(o.listen), Release: version, Now: sys.now, JournalSize: journal.UsualEntries,
		Transport: transport,
		Found:     func(f proxy.Finding) { fmt.Fprintln(sys.out, findingText(&f)) },
	}
	if o.record != "" {
		file, err := os.OpenFile(o.record, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return wrongUsage("the recording cannot be written: %w; check --record", err)
		}
		defer file.Close()
		options.Record = file
	}
	p, err := proxy.New(options)
	if err != nil {
		return wrongUsage("%w", err)
	}
	fmt.Fprintf(sys.errs, "GitLab %s at %s is checked at %s\n", version, o.upstream, rootURL(listener, false))
	return o.serve(ctx, sys, p, listener)
}

// serve passes requests on until ctx ends, and sums up what was seen.
func (o *proxyOptions) serve(ctx context.Context, sys system, p *proxy.Proxy, listener net.Listener) error {
	failed := serveUntil(ctx, &http.Server{Handler: p, ReadHeaderTimeout: headerTime}, listener)
	if err := p.Close(); err != nil && failed == nil {
		failed = cannotServe("the recording could not be written: %w; check --record", err)
	}
	seen := p.Summary()
	if o.coverage != "" {
		text, err := json.MarshalIndent(seen.Coverage, "", "  ")
		if err == nil {
			err = os.WriteFile(o.coverage, append(text, '\n'), 0o644)
		}
		if err != nil {
			return wrongUsage("the report of coverage cannot be written: %w; check --coverage", err)
		}
	}
	sumUp(sys.out, p, &seen)
	if failed == nil && len(seen.Findings) > 0 {
		failed = &exitError{code: exitNotConformant}
	}
	return failed
}

// findingText is a finding in one line.
func findingText(f *proxy.Finding) string {
	status := "no response"
	if f.Status != 0 {
		status = fmt.Sprint(f.Status)
	}
	name := f.Operation
	if name == "" {
		name = printable(f.Method) + " of another path"
	}
	return fmt.Sprintf("%s of %s (%s): %s", f.Kind, name, status, printable(f.What.String()))
}

// sumUp prints what was seen.
func sumUp(w io.Writer, p *proxy.Proxy, seen *proxy.Summary) {
	fmt.Fprintf(w, "\n%s: %d to operations that the contract has, %d to others\n",
		counted(seen.Exchanges, "request"), seen.Exchanges-seen.Foreign, seen.Foreign)
	if seen.Unchecked > 0 {
		fmt.Fprintf(w, "not looked into, as too large or packed in an unknown way: %d\n", seen.Unchecked)
	}
	fmt.Fprintf(w, "what does not fit: %s\n", counted(len(seen.Findings), "finding"))
	for i := range seen.Findings {
		fmt.Fprintf(w, "  %d× %s\n", seen.Findings[i].Count, findingText(&seen.Findings[i]))
	}
	if seen.Dropped > 0 {
		fmt.Fprintf(w, "  and more, for which there was no room: %d\n", seen.Dropped)
	}
	fmt.Fprintf(w, "what clients did and GitLab takes in silence: %s\n", counted(seen.Notes, "note"))
	for _, n := range p.Ledger().Notes().Notes {
		fmt.Fprintf(w, "  %d× %s: %s\n", n.Count, n.Operation, printable(n.Message))
	}
	var parts []string
	for _, part := range seen.Coverage.Parts() {
		parts = append(parts, fmt.Sprintf("%s %d of %d", part.Name, part.Exercised, part.Of))
	}
	fmt.Fprintf(w, "used of the contract: %s\n", strings.Join(parts, ", "))
}

// release is that of the GitLab: the one that is named, or that it says, or the newest.
func (o *proxyOptions) release(ctx context.Context, sys system, client *http.Client) (release.Version, error) {
	if o.version.version != (release.Version{}) || o.token == "" {
		if o.version.version == (release.Version{}) {
			return release.Newest, nil
		}
		return o.version.version, nil
	}
	said, err := askRelease(ctx, client, o.upstream, o.token)
	if err != nil {
		return said, cannotServe("%s does not say which release it is: %s; name it with --gitlab-version", o.upstream,
			plainCause(err))
	}
	if said.Compare(release.Newest) > 0 {
		fmt.Fprintf(sys.errs, "GitLab %s is newer than the newest that is known; it is checked as %s\n", said,
			release.Newest)
		return release.Newest, nil
	}
	if err := release.Covered(said); err != nil {
		return said, wrongUsage("%s is GitLab %s: %w", o.upstream, said, err)
	}
	return said, nil
}

// askRelease asks a GitLab for its release.
func askRelease(ctx context.Context, client *http.Client, root, token string) (release.Version, error) {
	op := openapi.GitLab().Operation("getVersion")
	request, err := http.NewRequestWithContext(ctx, op.Method, strings.TrimSuffix(root, "/")+op.Root()+op.Path,
		http.NoBody)
	if err != nil {
		return release.Version{}, err
	}
	request.Header.Set("Private-Token", token)
	response, err := client.Do(request)
	if err != nil {
		return release.Version{}, err
	}
	defer response.Body.Close()
	var said struct {
		Version string `json:"version"`
	}
	if response.StatusCode != http.StatusOK {
		return release.Version{}, errors.New("it answers " + response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&said); err != nil {
		return release.Version{}, err
	}
	return release.Parse(said.Version)
}

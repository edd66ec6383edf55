package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

// receiveListen is where receive listens unless told otherwise.
const receiveListen = "127.0.0.1:8930"

// largestDelivery is how much of a delivery's body is read, in bytes.
const largestDelivery = 32 << 20

type receiveOptions struct {
	listen, key, url, token, caFile string
	answer                          *choice
	after                           period
}

func newReceive(sys system) *cobra.Command {
	o := &receiveOptions{
		listen: receiveListen, url: "http://" + defaultListen, token: seed.DeveloperToken,
		answer: newChoice("nothing", "passed", "failed", "pending"),
	}
	cmd := &cobra.Command{
		Use:   "receive",
		Short: "Print the webhook deliveries that arrive, and set a status for them",
		Long: `Listen for webhook deliveries of external status checks and print each of them: what happened, whether
the signature is right, and the attributes that a service needs. With --answer it then sets that status
for the check, the merge request and the commit of the delivery, as an external service does.`,
		Example: "  statuschecks receive --secret hush\n  statuschecks receive --answer passed --after 3s",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	f := cmd.Flags()
	f.Var(newText(&o.listen, listenAddress), "listen", "`host:port` to listen at, port 0 for a free one")
	addSecret(cmd, &o.key)
	f.Var(o.answer, "answer", "status to set for each delivery: nothing, passed, failed or pending")
	f.Var(&o.after, "after", "how long to wait before the status is set")
	f.Var(newText(&o.url, ownURL), "url", "root `URL` of the GitLab to set the status in")
	f.Var(newSecret(&o.token), "token", "`token` for it (default: that of a developer of the mock's default world)")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the GitLab's certificate")
	nameVariable(f, "listen", "receiver-listen")
	return cmd
}

func (o *receiveOptions) run(ctx context.Context, sys system) error {
	transport, err := trusting(o.caFile)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, "listen", o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	fmt.Fprintf(sys.errs, "Deliveries are received at %s\n", rootURL(listener, false))
	r := &receiving{options: o, sys: sys, ctx: ctx, client: newClient(transport)}
	err = serveUntil(ctx, &http.Server{
		Handler: r, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime,
	}, listener)
	r.answers.Wait()
	return err
}

// serveUntil serves until ctx ends, and lets requests finish that are under way, if they do not take too long.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if server.Shutdown(closing) != nil {
		_ = server.Close()
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return cannotServe("the server stopped: %w", err)
	}
	return nil
}

// receiving prints deliveries, one at a time.
type receiving struct {
	options *receiveOptions
	sys     system
	ctx     context.Context // ends when the program is to end
	client  *http.Client    // that sets statuses
	answers sync.WaitGroup

	mu sync.Mutex
	n  int
}

// arrivedDelivery is what receive reads of a payload.
type arrivedDelivery struct {
	Kind    string `json:"object_kind"`
	Project struct {
		ID   int64  `json:"id"`
		Path string `json:"path_with_namespace"`
	} `json:"project"`
	Attributes struct {
		IID    int64  `json:"iid"`
		Action string `json:"action"`
		State  string `json:"state"`
		Title  string `json:"title"`
		Commit struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"object_attributes"`
	Check struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"external_approval_rule"`
}

// ServeHTTP takes a delivery.
func (r *receiving) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, largestDelivery))
	if err != nil {
		r.print("a delivery could not be read: " + err.Error())
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	var d arrivedDelivery
	if err := json.Unmarshal(body, &d); err != nil {
		r.print(
			fmt.Sprintf("%s %s with %d bytes that are no JSON: %s", request.Method, printable(request.URL.Path),
				len(body), printable(err.Error())),
		)
		http.Error(w, "the body is no JSON", http.StatusBadRequest)
		return
	}
	r.print(r.describe(request, body, &d))
	w.WriteHeader(http.StatusOK)
	if r.options.answer.value != "nothing" {
		r.answers.Go(func() { r.respond(&d) })
	}
}

// print prints a text, with the number of what arrived before it.
func (r *receiving) print(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	fmt.Fprintf(r.sys.out, "%d. %s\n", r.n, text)
}

// describe is a delivery for people.
func (r *receiving) describe(request *http.Request, body []byte, d *arrivedDelivery) string {
	happened := printable(d.Attributes.Action)
	if happened == "" {
		happened = "retry (there is no action in it)"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s!%d %q\n", happened, printable(d.Project.Path), d.Attributes.IID,
		printable(d.Attributes.Title))
	fmt.Fprintf(&b, "   check      %d %q\n", d.Check.ID, printable(d.Check.Name))
	fmt.Fprintf(&b, "   head       %s\n", printable(d.Attributes.Commit.ID))
	fmt.Fprintf(&b, "   state      %s\n", printable(d.Attributes.State))
	fmt.Fprintf(&b, "   request    %s %s, %d bytes of %s\n", request.Method, printable(request.URL.Path), len(body),
		printable(request.Header.Get("Content-Type")))
	fmt.Fprintf(&b, "   signature  %s", r.signature(request.Header.Get("X-Gitlab-Signature"), body))
	return b.String()
}

func (r *receiving) signature(given string, body []byte) string {
	switch {
	case r.options.key == "" && given == "":
		return "none"
	case r.options.key == "":
		return "not checked; give --secret"
	}
	if why := wrongSignature(r.options.key, given, body); why != "" {
		return "WRONG: " + why
	}
	return "right"
}

// printable is a text from outside that does nothing to a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// respond sets the status after a while. A status that waits when the program ends is not set.
func (r *receiving) respond(d *arrivedDelivery) {
	select {
	case <-time.After(r.options.after.length):
	case <-r.ctx.Done():
		return
	}
	status, err := r.setStatus(d)
	if err != nil {
		status = "the status could not be set: " + plainCause(err)
	}
	r.print(fmt.Sprintf("%s for check %d on %s: %s", r.options.answer.value, d.Check.ID,
		printable(d.Attributes.Commit.ID), status))
}

// newClient makes the client for calls with a token. It follows no redirect, which would take the token elsewhere, and
// does not wait for ever.
func newClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: transport, Timeout: answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// setStatus calls GitLab. The text is the status line of the response, with its body if it refuses.
func (r *receiving) setStatus(d *arrivedDelivery) (string, error) {
	o := r.options
	op := openapi.GitLab().Operation("createStatusCheckResponse")
	path := strings.NewReplacer("{id}", strconv.FormatInt(d.Project.ID, 10),
		"{merge_request_iid}", strconv.FormatInt(d.Attributes.IID, 10)).Replace(op.Path)
	form := url.Values{
		"external_status_check_id": {strconv.FormatInt(d.Check.ID, 10)}, "sha": {d.Attributes.Commit.ID},
		"status": {o.answer.value},
	}
	request, err := http.NewRequestWithContext(r.ctx, op.Method, strings.TrimSuffix(o.url, "/")+apiPath+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Private-Token", o.token)
	response, err := r.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusCreated {
		return response.Status, nil
	}
	said, _ := io.ReadAll(io.LimitReader(response.Body, 500))
	return response.Status + " " + printable(string(bytes.TrimSpace(said))), nil
}

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
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the programs that scripts run: each runs its function instead of the tests.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"statuschecks": main, "fetch": fetch, "occupy": occupy, "strange": strange,
		"satisfies": satisfies,
	})
}

// endsAtOnce keeps a program with the race detector from sleeping for a second when it ends.
const endsAtOnce = "GORACE=atexit_sleep_ms=0"

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			name, value, _ := strings.Cut(endsAtOnce, "=")
			env.Setenv(name, value)
			docs, err := filepath.Abs(filepath.Join("..", "..", "docs"))
			env.Setenv("DOCS", docs)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "ready": ready,
			"terminate": terminate, "until": until,
		},
	})
}

// exits runs a program and holds its exit code: exits CODE PROGRAM [ARGUMENT...].
func exits(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT...]")
	}
	code := 0
	var ended *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &ended):
		code = ended.ExitCode()
	case err != nil:
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// ready waits for a ready file and makes variables of what it says: ready FILE. The names are those of its keys in
// capitals; PORT is that of the URL.
func ready(ts *testscript.TestScript, _ bool, args []string) {
	for range 1000 {
		data, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil {
			var said map[string]any
			ts.Check(json.Unmarshal(data, &said))
			for key, value := range said {
				ts.Setenv(strings.ToUpper(key), fmt.Sprint(value))
			}
			if root, ok := said["url"].(string); ok {
				ts.Setenv("PORT", root[strings.LastIndex(root, ":")+1:])
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s did not come within ten seconds", args[0])
}

// terminate sends SIGTERM to a process: terminate PID.
func terminate(ts *testscript.TestScript, _ bool, args []string) {
	pid, err := strconv.Atoi(args[0])
	ts.Check(err)
	process, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Check(process.Signal(syscall.SIGTERM))
}

// fetch is a program that makes a request: fetch METHOD URL TOKEN [FORM]. It prints the status, a header that says why,
// and the body. With CA set it trusts that certificate; with SOCKET set it goes there; ACCEPT is the header.
func fetch() {
	if err := fetchOnce(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fetchOnce(args []string) error {
	client, err := fetchClient()
	if err != nil {
		return err
	}
	var body io.Reader
	if len(args) > 3 {
		body = strings.NewReader(args[3])
	}
	request, err := http.NewRequest(args[0], args[1], body)
	if err != nil {
		return err
	}
	request.Header.Set("Private-Token", args[2])
	if strings.Contains(args[1], controlPath) {
		request.Header.Set("Authorization", "Bearer "+args[2])
	}
	if accept := os.Getenv("ACCEPT"); accept != "" {
		request.Header.Set("Accept", accept)
	}
	switch {
	case body != nil && strings.HasPrefix(args[3], "{"):
		request.Header.Set("Content-Type", "application/json")
	case body != nil:
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	fmt.Println(response.StatusCode)
	for _, name := range []string{"Link", "X-Mock-Reason"} {
		if value := response.Header.Get(name); value != "" {
			fmt.Printf("%s: %s\n", name, value)
		}
	}
	fmt.Printf("%s\n", bytes.TrimSpace(text))
	return nil
}

func fetchClient() (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if path := os.Getenv("CA"); path != "" {
		o := verifyOptions{caFile: path}
		trusting, err := o.transport()
		if err != nil {
			return nil, err
		}
		transport = trusting.(*http.Transport)
	}
	if path := os.Getenv("SOCKET"); path != "" {
		transport.DialContext = dialSocket(path)
	}
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}, nil
}

func dialSocket(path string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", path)
	}
}

// occupy is a program that listens at a free port, writes the port to a file and stays until it is killed: occupy FILE.
func occupy() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		err = writeWhole(os.Args[1], []byte(fmt.Sprintf("{\"port\":%q}\n", port)), forOwner)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for { // a listener that nobody uses any more may be collected as garbage, which closes it
		if _, err := listener.Accept(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// Command server answers what is in the files of a folder, until SIGTERM: the bare program that the mock is compared
// with. It links nothing but the standard library.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/statuschecks/statuschecks/bench/internal/bare"
)

func main() {
	debug.SetGCPercent(400) // as the mock does
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := serve(ctx, os.Args[len(os.Args)-1])
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bare server: %v\n", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, folder string) error {
	handler, err := bare.Files(folder)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

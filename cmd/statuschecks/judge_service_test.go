package main

import (
	"errors"
	"net"
	"testing"

	"gotest.tools/v3/assert"
)

func TestWorse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ a, b, want int }{
		{exitOK, exitOK, exitOK},
		{exitOK, exitNotJudged, exitNotJudged},
		{exitNotJudged, exitOK, exitNotJudged},
		{exitNotConformant, exitNotJudged, exitNotConformant},
		{exitNotJudged, exitNotConformant, exitNotConformant},
	} {
		assert.Equal(t, worse(test.a, test.b), test.want)
	}
}

// What listens at the address is not the service that judge has started, if that has ended.
func TestJudge_listensIsOfTheService(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	defer listener.Close()
	address := listener.Addr().String()
	o := &judgeOptions{service: "http://" + address + "/"}
	_, err = o.start(t.Context(), &judging{args: []string{"true"}})
	assert.ErrorContains(t, err, "something listens at "+address+" already")
	running := &startedService{ended: make(chan struct{})}
	assert.NilError(t, running.listens(t.Context(), address))
	over := &startedService{ended: make(chan struct{}), outcome: errors.New("exit status 1")}
	close(over.ended)
	assert.ErrorContains(t, over.listens(t.Context(), address), "the service ended before it listened")
}

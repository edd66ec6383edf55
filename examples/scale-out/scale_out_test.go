//go:build unix

// Package scaleout runs the example: three mocks behind nginx that share a PostgreSQL database.
package scaleout

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const (
	worlds = 12
	// loss is for how long before its death what a process has acknowledged may be lost.
	loss = time.Second
	// fails is the fail_timeout of nginx.conf.
	fails = 5 * time.Second
)

// acknowledged is a change that a client was told to be done.
type acknowledged struct {
	number int
	at     time.Time
	on     string // process that has acknowledged it
}

// author changes the title of a merge request of a world again and again.
type author struct {
	world string
	last  int // number of the last attempt
	done  []acknowledged
}

func (a *author) path() string { return "/worlds/" + a.world + "/api/v4/projects/6/merge_requests/4" }

// write changes the title once.
func (a *author) write(s *scene) int {
	a.last++
	status, header, _ := s.call("PUT", s.proxy+a.path(), fmt.Sprintf(`{"title":"%d"}`, a.last))
	if status == http.StatusOK {
		a.done = append(a.done, acknowledged{a.last, time.Now(), header.Get("X-Upstream")})
	}
	return status
}

// acknowledgedBefore is the last change that was acknowledged before an instant.
func (a *author) acknowledgedBefore(at time.Time) (last acknowledged) {
	for _, one := range a.done {
		if one.at.Before(at) {
			last = one
		}
	}
	return last
}

// read is the number that the title has.
func (a *author) read(t *testing.T, s *scene, root string) int {
	t.Helper()
	status, _, body := s.call("GET", root+a.path(), "")
	assert.Equal(t, status, http.StatusOK, "%s: %s", a.world, body)
	number, err := strconv.Atoi(fmt.Sprint(decoded(t, body)["title"]))
	assert.NilError(t, err, "%s: %s", a.world, body)
	return number
}

// load lets all authors write at once until a function returns.
func load(s *scene, authors []*author, meanwhile func()) {
	var writing sync.WaitGroup
	over := make(chan struct{})
	for _, a := range authors {
		writing.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					a.write(s)
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	meanwhile()
	close(over)
	writing.Wait()
}

// One of three processes is killed under load. Every world is found again, with all that was acknowledged more than a
// second before.
func TestScaleOut_survivesAKill(t *testing.T) {
	s := begin(t)
	authors := make([]*author, worlds)
	for i := range authors {
		authors[i] = &author{world: fmt.Sprintf("job-%d", i)}
		if i%2 == 0 { // the others are made on first use
			status, _, body := s.call("POST", s.proxy+"/-/mock/worlds", `{"name":"`+authors[i].world+`"}`)
			assert.Equal(t, status, http.StatusCreated, "%s", body)
		}
	}
	var killed time.Time
	var victim *process
	load(s, authors, func() {
		time.Sleep(3 * loss)
		victim = s.busiest(t, authors[0].world)
		killed = time.Now()
		victim.kill(t)
	})
	hit := 0
	for _, a := range authors {
		if a.acknowledgedBefore(killed).on == victim.address {
			hit++
		}
		found, least := a.read(t, s, s.proxy), a.acknowledgedBefore(killed.Add(-loss)).number
		assert.Assert(t, found >= least && found <= a.last, "%s has %d; %d was acknowledged in time, %d tried", a.world,
			found, least, a.last)
		assert.Assert(t, least > 10, "%s: there was no load", a.world)
		a.last = max(a.last, found)
	}
	t.Logf("%d of %d worlds were on the process that was killed", hit, worlds)
	assert.Assert(t, hit > 0 && hit < worlds)
	load(s, authors, func() {
		victim.start(t)
		time.Sleep(fails + loss) // nginx tries it again
	})
	back := 0
	for _, a := range authors {
		last := a.acknowledgedBefore(time.Now())
		if last.on == victim.address {
			back++
		}
		found := a.read(t, s, s.proxy)
		assert.Assert(t, found >= last.number && found <= a.last, "%s has %d; %d was acknowledged, %d tried", a.world,
			found, last.number, a.last)
		assert.Equal(t, a.write(s), http.StatusOK, a.world)
	}
	t.Logf("%d of its %d worlds are on it again", back, hit)
	assert.Assert(t, back > 0 && back <= hit, "worlds are handed back to the process that was killed")
	s.stopsWithoutLoss(t, authors)
}

// stopsWithoutLoss holds that processes which are told to stop lose nothing at all.
func (s *scene) stopsWithoutLoss(t *testing.T, authors []*author) {
	t.Helper()
	for _, p := range s.processes {
		p.terminate(t)
	}
	s.processes[2].start(t)
	for _, a := range authors {
		assert.Equal(t, a.read(t, s, "http://"+s.processes[2].address), a.last)
	}
}

// Two processes that both believe to have a world do not overwrite each other, and the second is told. The password
// shows nowhere, also when the database has gone.
func TestScaleOut_theSecondIsTold(t *testing.T) {
	s := begin(t)
	first, second := s.processes[0], s.processes[1]
	a := &author{world: "torn"}
	retitle := func(p *process, title string) int {
		status, _, _ := s.call("PUT", "http://"+p.address+a.path(), `{"title":"`+title+`"}`)
		return status
	}
	assert.Equal(t, retitle(first, "1"), http.StatusOK)
	time.Sleep(2 * loss)
	assert.Equal(t, retitle(first, "1"), http.StatusOK)
	time.Sleep(loss / 4) // it was saved, and the next change rests
	took := 0
	for n := 0; n < 5 && took != http.StatusOK; n++ {
		assert.Equal(t, retitle(first, "2"), http.StatusOK)
		first.signal(t, syscall.SIGSTOP) // so that it hands nothing over
		took = retitle(second, "3")
		first.signal(t, syscall.SIGCONT)
		if took != http.StatusOK { // it was stopped while it saved, which the second waits for
			time.Sleep(2 * loss)
		}
	}
	assert.Equal(t, took, http.StatusOK)
	s.until(t, "the first process is told", func() bool { return retitle(first, "4") == http.StatusConflict })
	status, _, body := s.call("GET", "http://"+first.address+"/worlds/torn/-/mock/state", "")
	assert.Equal(t, status, http.StatusConflict)
	assert.Assert(t, strings.Contains(string(body), "POST /worlds/torn/-/mock/claim"), "%s", body)
	assert.Assert(t, strings.Contains(first.log.String(), "another process has taken a world over"))
	time.Sleep(2 * loss)
	assert.Equal(t, a.read(t, s, "http://"+second.address), 3)
	status, _, _ = s.call("POST", "http://"+first.address+"/worlds/torn/-/mock/claim", "")
	assert.Equal(t, status, http.StatusNoContent)
	assert.Equal(t, a.read(t, s, "http://"+first.address), 3)

	s.database.stop(t)
	assert.Equal(t, retitle(first, "5"), http.StatusOK, "it goes on in memory")
	s.until(t, "the log says that the database is gone", func() bool {
		return strings.Contains(first.log.String(), "the data cannot be kept")
	})
	status, _, body = s.call("GET", "http://"+first.address+"/worlds/other/api/v4/user", "")
	assert.Equal(t, status, http.StatusServiceUnavailable, "%s", body)
	for _, text := range append(s.logs(), string(body)) {
		for _, part := range []string{password, escaped, "secret-of-the-database"} {
			assert.Assert(t, !strings.Contains(text, part), "the password shows: %s", text)
		}
	}
}

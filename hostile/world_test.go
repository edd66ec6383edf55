package hostile_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const jsonKind = "application/json"

// A seed of four thousand users on one line is read at once, and so is one whose every user is wrong.
func TestServe_largeSeeds(t *testing.T) {
	m := serve(t, "--log-level", "error")
	for name, test := range map[string]struct {
		user string
		want int
	}{
		"sound": {`{"username":"u%d","name":"U"}`, 200},
		"wrong": {`{"username":"u%d","nam":"U"}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			users := make([]string, 4000)
			for n := range users {
				users[n] = fmt.Sprintf(test.user, n)
			}
			before := m.cpu()
			status, text := m.ask("POST", "/-/mock/seed", jsonKind,
				strings.NewReader(`{"users":[`+strings.Join(users, ",")+`]}`))
			used := m.cpu() - before
			t.Logf("%d, %s of a processor, %d bytes of answer", status, used, len(text))
			assert.Check(t, status == test.want, "%d %.300s", status, text)
			assert.Check(t, used <= time.Second, "%s", used)
			assert.Check(t, len(text) < 50_000, "%d bytes of answer", len(text))
		})
	}
}

// Instants out of range are refused wherever time can be set, and the mock goes on.
func TestServe_time(t *testing.T) {
	m := serve(t, "--log-level", "error")
	for _, at := range []string{
		"0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:01Z",
		"9999-12-31T23:59:59Z", "2199-12-31T23:59:59-23:59",
	} {
		for path, body := range map[string]string{
			"PUT /-/mock/clock":          `{"mode":"frozen","now":"` + at + `"}`,
			"POST /-/mock/clock/advance": `{"to":"` + at + `"}`,
			"POST /-/mock/seed":          `{"clock":"` + at + `"}`,
		} {
			method, path, _ := strings.Cut(path, " ")
			status, text := m.ask(method, path, jsonKind, strings.NewReader(body))
			assert.Check(t, status == 400, "%s %s %s: %d %s", method, path, body, status, text)
		}
	}
	for _, by := range []string{"2562047h", "-1s", "99999999999h", "1e9s"} {
		status, text := m.ask("POST", "/-/mock/clock/advance", jsonKind, strings.NewReader(`{"by":"`+by+`"}`))
		assert.Check(t, status == 400, "%s: %d %s", by, status, text)
	}
	status, text := m.ask("POST", "/-/mock/clock/advance", jsonKind, strings.NewReader(`{"by":"1h"}`))
	assert.Equal(t, status, 200, text)
}

// Under load for long, with all that is kept full, the memory does not grow.
func TestServe_soak(t *testing.T) {
	m := serve(t, "--log-level", "error")
	url := service(t, quick)
	for n := range 10 {
		m.check(fmt.Sprint("c", n), fmt.Sprint(url, "/", n))
	}
	var peaks [3]int
	for third := range peaks {
		until := time.Now().Add(*load)
		var busy sync.WaitGroup
		for worker := range 2 {
			busy.Go(func() {
				for n := 0; time.Now().Before(until); n++ {
					m.retitle(fmt.Sprintf("s%d-%d-%d", third, worker, n))
					m.ask("GET", fmt.Sprintf("/api/v4/surprise/%d", n), "", nil)
				}
			})
		}
		busy.Wait()
		peaks[third] = m.peak()
	}
	t.Logf("at most %d, %d and %d MB after each third of %s", peaks[0], peaks[1], peaks[2], 3**load)
	assert.Check(t, peaks[2] <= 150, "%d MB", peaks[2])
	assert.Check(t, *load < 20*time.Second || peaks[2] <= peaks[1]*11/10,
		"the memory grew from %d to %d MB in the last third", peaks[1], peaks[2])
}

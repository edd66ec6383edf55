package mockserver_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"
)

// The stream of a journal ends when its world is handed over, which waits for it no longer.
func TestStore_streamsEndAtTheHandOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := share(t, 2)
		all.list[0].raw("POST", "/-/mock/worlds", `{"name":"a"}`).want(http.StatusCreated)
		over, end := all.list[0].follow("a")
		defer end()
		synctest.Wait()
		all.retitle(0, "a", "while it is followed").want(http.StatusOK)
		began := time.Now()
		assert.Equal(t, all.title(1, "a"), "while it is followed")
		<-over
		assert.Equal(t, time.Since(began), time.Duration(0))
	})
}

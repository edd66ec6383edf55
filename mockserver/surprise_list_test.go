package mockserver

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

func TestSurprises_keepTheNewest(t *testing.T) {
	t.Parallel()
	s := &surprises{}
	for i := range keptSurprises + 5 {
		s.add(httptest.NewRequest("GET", fmt.Sprintf("/%d", i), nil), time.Time{})
	}
	list := s.all()
	assert.Equal(t, len(list), keptSurprises)
	assert.Equal(t, list[0].path, "/5")
	assert.Equal(t, list[keptSurprises-1].path, "/1004")
	assert.Equal(t, s.droppedSoFar(), int64(5))
}

#!/usr/bin/env bash
# Tool: github.com/go-gremlins/gremlins v0.6.0, with Go 1.24 or newer.
# Input: a small module whose test takes three seconds, run twice without a change, and with a cache of Go's own.
# Seen: the first run kills all three mutants of a function. In the second run all three are TIMED OUT, and none is
# killed: the limit comes from how long the coverage run took, and the second time go test has that in its cache.
# (GOFLAGS=-count=1 helps.) In both runs the condition of a case is NOT COVERED, though a test takes both ways.
set -euo pipefail
cd "$(mktemp -d)"
export GOCACHE="$PWD/cache" GOFLAGS=
trap 'chmod -R u+w "$PWD"; rm -rf "$PWD"' EXIT
mkdir sum
cat >sum/go.mod <<'TEXT'
module example.com/sum

go 1.24
TEXT
cat >sum/sum.go <<'GO'
package sum

// Positive reports whether a sum is greater than zero.
func Positive(a, b int) bool {
	return a+b > 0
}

// Kind names a number.
func Kind(n int) string {
	switch {
	case n > 10:
		return "large"
	}
	return "small"
}
GO
cat >sum/sum_test.go <<'GO'
package sum

import (
	"testing"
	"time"
)

func TestSum(t *testing.T) {
	time.Sleep(3 * time.Second)
	if !Positive(2, 1) || Positive(1, -1) || Positive(-2, 1) || Kind(11) != "large" || Kind(10) != "small" {
		t.Error("wrong")
	}
}
GO
cd sum
GOBIN="$PWD/../bin" go install github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
for run in first second; do
  ../bin/gremlins unleash . | sed -E -n "s/^ *(KILLED|LIVED|TIMED OUT|NOT COVERED) .* at (.*)/$run \1 \2/p" | sort | tee -a ../seen.txt
done
diff - ../seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
first KILLED sum.go:5:10
first KILLED sum.go:5:13
first KILLED sum.go:5:13
first NOT COVERED sum.go:11:9
first NOT COVERED sum.go:11:9
second NOT COVERED sum.go:11:9
second NOT COVERED sum.go:11:9
second TIMED OUT sum.go:5:10
second TIMED OUT sum.go:5:13
second TIMED OUT sum.go:5:13
TEXT
echo
echo "As described."

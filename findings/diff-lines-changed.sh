#!/usr/bin/env bash
# Tools: github.com/sourcegraph/go-diff v0.10.0, with Go 1.24 or newer; whatthepatch 1.0.7 (PyPI), on Python 3.11 or
# newer.
# Input: three diffs as git makes them: two of texts whose lines end with CR LF, and one of a text with a form feed in
# a line, as GNU's sources have between their parts.
# Seen: go-diff drops the CR of each line. Printed again, the diff is another one, and git apply refuses it; of a
# change of the line end alone, "-one" and "+one" stay. whatthepatch cuts a line at the form feed: the change behind
# it is not there, and its apply_diff refuses to apply the diff to the text that it was made of.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check whatthepatch==1.0.7
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q .
# made writes the diff from the first text to the second; the first stays as the file.
made() {
  printf "$2" >file.txt && git add file.txt && printf "$3" >file.txt
  git diff file.txt | sed '1,2d' >"$1"
  printf "$2" >file.txt
}
cat >go.mod <<'TEXT'
module example.com/print

go 1.24

require github.com/sourcegraph/go-diff v0.10.0
TEXT
cat >main.go <<'GO'
package main

import (
	"io"
	"os"

	"github.com/sourcegraph/go-diff/diff"
)

func main() {
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	files, err := diff.ParseMultiFileDiff(data)
	if err != nil {
		panic(err)
	}
	printed, err := diff.PrintMultiFileDiff(files)
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.Write(printed)
}
GO
GOFLAGS=-mod=mod go build -o print .
cat >apply.py <<'PYTHON'
import sys

import whatthepatch

text = open("file.txt", newline="").read()
for diff in whatthepatch.parse_patch(open(sys.argv[1], newline="").read()):
    for change in diff.changes:
        print(" ", change.old, change.new, repr(change.line))
    try:
        whatthepatch.apply_diff(diff, text)
        print("  applied")
    except whatthepatch.exceptions.HunkApplyException as error:
        print("  not applied:", error)
PYTHON
applied() { git apply --check "$1" 2>/dev/null && echo "applies" || echo "does not apply"; }

{
  made lines.diff 'one\r\ntwo\r\n' 'one\r\n2\r\n'
  ./print <lines.diff >printed.diff
  echo "CR LF: git's diff $(applied lines.diff), go-diff's $(applied printed.diff)"
  made ends.diff 'one\r\n' 'one\n'
  ./print <ends.diff | sed -n '4,$p' | cat -A
  made feed.diff 'one\n\ftwo(a)\nthree\n' 'one\n\ftwo(b)\nthree\n'
  echo "form feed: git's diff $(applied feed.diff), whatthepatch:"
  tool/bin/python apply.py feed.diff
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
CR LF: git's diff applies, go-diff's does not apply
-one$
+one$
form feed: git's diff applies, whatthepatch:
  1 1 'one'
  2 None ''
  None 2 ''
  3 3 'three'
  not applied: context line 3, "three" does not match "two(a)", in hunk #1
TEXT
echo
echo "As described."

#!/usr/bin/env bash
# Tools: github.com/sosodev/duration v1.4.0 with Go 1.24 or newer; iso8601-duration 2.1.4 and tinyduration 3.4.1 (npm) on
# Node.js 20 or newer; isoduration 20.11.0, aniso8601 10.0.1, pendulum 3.3.0 and isodate 0.7.2 (PyPI) on Python 3.11 or
# newer.
# Input: lengths of time as sosodev/duration writes them: 30 days, 31 days, and a day and a half before; read by the
# others.
# Seen: sosodev/duration writes 30 days as P4W2D, which three of the others refuse, as weeks stand alone in ISO 8601-1;
# and 31 days as a month and 14 hours, which lasts 28 days to 31 for who reads months as months. iso8601-duration drops
# the minus sign: a time before becomes one after, in silence. aniso8601 and pendulum refuse it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/durations

go 1.24

require github.com/sosodev/duration v1.4.0
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"time"

	"github.com/sosodev/duration"
)

func main() {
	const day = 24 * time.Hour
	for _, d := range []time.Duration{day * 3 / 2, 14 * day, 30 * day, 31 * day, -day * 3 / 2} {
		fmt.Println(d, duration.Format(d))
	}
}
GO
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error iso8601-duration@2.1.4 tinyduration@3.4.1
cat >try.mjs <<'JS'
import { end, parse } from 'iso8601-duration';
import * as tiny from 'tinyduration';

const [, , text] = process.argv;
const february = new Date('2026-02-01T00:00:00Z');
console.log(`  iso8601-duration: from the 1st of February to ${end(parse(text), february).toISOString()}`);
console.log(`  tinyduration: ${JSON.stringify(tiny.parse(text))}`);
JS
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check isoduration==20.11.0 aniso8601==10.0.1 pendulum==3.3.0 \
  isodate==0.7.2
cat >try.py <<'PYTHON'
import sys

import aniso8601
import isodate
import isoduration
import pendulum

for name, read in [
    ("isodate", isodate.parse_duration),
    ("isoduration", isoduration.parse_duration),
    ("aniso8601", aniso8601.parse_duration),
    ("pendulum", pendulum.parse),
]:
    try:
        print(f"  {name}: {read(sys.argv[1])}")
    except Exception as error:
        print(f"  {name}: refused, {type(error).__name__}")
PYTHON
export GOFLAGS=-mod=mod
go run . | while read -r length text; do
  echo "$length, written as $text:"
  node try.mjs "$text"
  tool/bin/python try.py "$text"
done | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
36h0m0s, written as P1DT12H:
  iso8601-duration: from the 1st of February to 2026-02-02T12:00:00.000Z
  tinyduration: {"days":1,"hours":12}
  isodate: 1 day, 12:00:00
  isoduration: P1DT12H
  aniso8601: 1 day, 12:00:00
  pendulum: 1 day 12 hours
336h0m0s, written as P2W:
  iso8601-duration: from the 1st of February to 2026-02-15T00:00:00.000Z
  tinyduration: {"weeks":2}
  isodate: 14 days, 0:00:00
  isoduration: P2W
  aniso8601: 14 days, 0:00:00
  pendulum: 2 weeks
720h0m0s, written as P4W2D:
  iso8601-duration: from the 1st of February to 2026-03-03T00:00:00.000Z
  tinyduration: {"weeks":4,"days":2}
  isodate: 30 days, 0:00:00
  isoduration: refused, IncorrectDesignator
  aniso8601: refused, ISOFormatError
  pendulum: refused, ParserError
744h0m0s, written as P1MT14H:
  iso8601-duration: from the 1st of February to 2026-03-01T14:00:00.000Z
  tinyduration: {"months":1,"hours":14}
  isodate: 1 month, 14:00:00
  isoduration: P1MT14H
  aniso8601: 30 days, 14:00:00
  pendulum: 1 month 14 hours
-36h0m0s, written as -P1DT12H:
  iso8601-duration: from the 1st of February to 2026-02-02T12:00:00.000Z
  tinyduration: {"days":1,"hours":12,"negative":true}
  isodate: -2 days, 12:00:00
  isoduration: -P1DT12H
  aniso8601: refused, ISOFormatError
  pendulum: refused, ParserError
TEXT
echo
echo "As described."

#!/usr/bin/env bash
# Tools: Delorean 2.0.0 (PyPI), on Python 3.11 or newer; dateparser 0.3.1 (crates.io), with Rust 1.85 or newer.
# Input: times as GitLab writes them: with T in its REST API, with " UTC" in webhooks, with an offset in commits, and
# the date alone of an expiry. Years of four digits stand first in all of them.
# Seen: Delorean takes 2026-01-02 03:04:05 UTC for the 1st of February, as long as no number is above 12; with a T, the
# same date is the 2nd of January. dayfirst=False mends that. dateparser for Rust adds the time of day at which it is
# called to a date alone: when a token expires depends on when its date was read.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >times.txt <<'TEXT'
2026-01-02T03:04:05.678Z
2026-01-02 03:04:05 UTC
2026-01-02 03:04:05 +0100
2026-01-13 03:04:05 UTC
2026-01-02
TEXT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check Delorean==2.0.0
cat >try.py <<'PYTHON'
import delorean

for text in open("times.txt").read().splitlines():
    read = delorean.parse(text).datetime.isoformat()
    print(f"{text}: Delorean {read}, dayfirst=False {delorean.parse(text, dayfirst=False).datetime.isoformat()}")
PYTHON
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "times"
version = "0.1.0"
edition = "2024"

[dependencies]
chrono = "=0.4.45"
dateparser = "=0.3.1"
TEXT
cat >src/main.rs <<'RUST'
use chrono::{NaiveTime, TimeDelta, Utc};

fn main() {
    for text in std::fs::read_to_string("times.txt").unwrap().lines() {
        let read = dateparser::parse(text).unwrap();
        let behind = Utc::now().time() - read.time();
        let now = text.len() == 10 && behind.abs() < TimeDelta::seconds(10) && read.time() != NaiveTime::MIN;
        let shown = if now { read.format("%F, at the time it is now").to_string() } else { read.to_rfc3339() };
        println!("{text}: dateparser {shown}");
    }
}
RUST
{ tool/bin/python -W ignore try.py && TZ=UTC cargo run --quiet; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
2026-01-02T03:04:05.678Z: Delorean 2026-01-02T03:04:05.678000+00:00, dayfirst=False 2026-01-02T03:04:05.678000+00:00
2026-01-02 03:04:05 UTC: Delorean 2026-02-01T03:04:05+00:00, dayfirst=False 2026-01-02T03:04:05+00:00
2026-01-02 03:04:05 +0100: Delorean 2026-02-01T03:04:05+01:00, dayfirst=False 2026-01-02T03:04:05+01:00
2026-01-13 03:04:05 UTC: Delorean 2026-01-13T03:04:05+00:00, dayfirst=False 2026-01-13T03:04:05+00:00
2026-01-02: Delorean 2026-01-02T00:00:00+00:00, dayfirst=False 2026-01-02T00:00:00+00:00
2026-01-02T03:04:05.678Z: dateparser 2026-01-02T03:04:05.678+00:00
2026-01-02 03:04:05 UTC: dateparser 2026-01-02T03:04:05+00:00
2026-01-02 03:04:05 +0100: dateparser 2026-01-02T02:04:05+00:00
2026-01-13 03:04:05 UTC: dateparser 2026-01-13T03:04:05+00:00
2026-01-02: dateparser 2026-01-02, at the time it is now
TEXT
echo
echo "As described."
